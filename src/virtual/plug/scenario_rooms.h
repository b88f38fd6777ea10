/* The tables of the scenario format, one set per room: a room adds its operations and queries in a
 * file of its own and names them here and in scenario_rooms.c. Tables end with an empty row. What
 * is in no table but in the format is listed in scenario_missing.c, until its room comes. */
#ifndef VIRTUAL_SCENARIO_ROOMS_H
#define VIRTUAL_SCENARIO_ROOMS_H
#include "virtual/plug/scenario_run.h"

struct scenario_room {
    const struct scenario_op *ops;        /* may be NULL */
    const struct scenario_query *queries; /* may be NULL */
};
extern const struct scenario_room scenario_rooms[];
extern const unsigned scenario_room_count;

extern const struct scenario_op scenario_script_ops[];
extern const struct scenario_query scenario_script_queries[];
extern const struct scenario_op scenario_board_ops[];
extern const struct scenario_query scenario_board_queries[];
extern const struct scenario_op scenario_uart_ops[];
extern const struct scenario_query scenario_uart_queries[];
extern const struct scenario_op scenario_mains_ops[];
extern const struct scenario_query scenario_mains_queries[];

const struct scenario_op *scenario_op_find(const char *name, size_t length);
const struct scenario_query *scenario_query_find(const char *name, size_t length);
/* Belongs to the format, but not to this build. */
bool scenario_op_missing(const char *name, size_t length);
bool scenario_query_missing(const char *name, size_t length);
#endif
