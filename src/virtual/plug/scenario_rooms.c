/* Which tables of operations and queries there are; see scenario_rooms.h. A row per room. */
#include "virtual/plug/scenario_rooms.h"

#include <string.h>

const struct scenario_room scenario_rooms[] = {
    {scenario_ops, scenario_queries},
    {scenario_expectations, NULL},
    {scenario_script_ops, scenario_script_queries},
    {scenario_board_ops, scenario_board_queries},
    {scenario_uart_ops, scenario_uart_queries},
    {scenario_mains_ops, scenario_mains_queries},
};
const unsigned scenario_room_count = sizeof scenario_rooms / sizeof *scenario_rooms;

static bool same(const char *a, const char *b, size_t length) {
    return strlen(a) == length && memcmp(a, b, length) == 0;
}

const struct scenario_op *scenario_op_find(const char *name, size_t length) {
    for (unsigned i = 0; i < scenario_room_count; i++)
        for (const struct scenario_op *o = scenario_rooms[i].ops; o && o->name; o++)
            if (same(o->name, name, length))
                return o;
    return NULL;
}

const struct scenario_query *scenario_query_find(const char *name, size_t length) {
    for (unsigned i = 0; i < scenario_room_count; i++)
        for (const struct scenario_query *q = scenario_rooms[i].queries; q && q->name; q++)
            if (same(q->name, name, length))
                return q;
    return NULL;
}

static bool listed(const char *const *names, const char *name, size_t length) {
    for (; *names; names++)
        if (same(*names, name, length))
            return true;
    return false;
}

bool scenario_op_missing(const char *name, size_t length) {
    return listed(scenario_missing_ops, name, length);
}

bool scenario_query_missing(const char *name, size_t length) {
    return listed(scenario_missing_queries, name, length);
}
