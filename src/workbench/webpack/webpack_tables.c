/* The code's tables as JavaScript, for the pages. */
#include "codec/openbeken/channel_types.h"
#include "codec/openbeken/flags.h"
#include "codec/openbeken/roles.h"
#include "workbench/modules/module.h"
#include "workbench/webpack/webpack.h"

static void quoted(struct text *out, const char *string) {
    text_char(out, '"');
    for (; string && *string; string++) {
        if (*string == '"' || *string == '\\')
            text_char(out, '\\');
        text_char(out, *string);
    }
    text_char(out, '"');
}

static void item(struct text *out, const char *string) {
    quoted(out, string);
    text_char(out, ',');
}

static void number(struct text *out, unsigned value) {
    text_uint(out, value);
    text_char(out, ',');
}

static void roles(struct text *out) {
    text_add(out, "const ROLES=[");
    for (unsigned i = 0; i < OBK_ROLE_COUNT; i++) {
        const struct obk_role_row *row = obk_role_row(i);
        text_char(out, '[');
        item(out, row->name);
        number(out, row->channels);
        quoted(out, obk_role_what(i));
        text_add(out, "],\n");
    }
    text_add(out, "];\n");
}

static void types(struct text *out) {
    text_add(out, "const TYPES=[");
    for (unsigned i = 0; i < CHANNEL_TYPE_COUNT; i++) {
        const struct channel_type *row = channel_type_row(i);
        text_char(out, '[');
        item(out, row->name);
        number(out, row->divider);
        item(out, row->unit);
        number(out, row->show);
        item(out, row->label);
        quoted(out, row->words);
        text_add(out, "],\n");
    }
    text_add(out, "];\n");
}

static void flags(struct text *out) {
    text_add(out, "const FLAGS=[");
    for (unsigned i = 0; i < OBK_FLAG_COUNT; i++)
        item(out, obk_flag_text(i));
    text_add(out, "];\nconst LOGGER_FLAGS=[");
    for (unsigned i = 0; i < OBK_LOGGER_FLAG_COUNT; i++)
        item(out, obk_logger_flag_text(i));
    text_add(out, "];\n");
}

static void module_rows(struct text *out) {
    text_add(out, "const MODULES=[");
    for (size_t i = 0; i < module_count; i++) {
        const struct module *m = &modules[i];
        text_char(out, '[');
        item(out, m->name);
        item(out, m->platform);
        number(out, m->shape);
        number(out, m->left);
        number(out, m->bottom);
        item(out, m->pads);
        quoted(out, m->test_pads);
        text_add(out, "],\n");
    }
    text_add(out, "];\n");
}

void webpack_tables(struct text *out) {
    roles(out);
    types(out);
    flags(out);
    module_rows(out);
}
