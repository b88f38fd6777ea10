/* Reference pages of what pins, channels, settings, drivers and scripts can be on the device: each
 * is one table of the code, written as one table of Markdown. */
#include "cli/render.h"
#include "codec/openbeken/channel_types.h"
#include "codec/openbeken/flags.h"
#include "codec/openbeken/roles.h"
#include "device/command/drivers.h"
#include "device/script/events.h"
#include "device/script/expression.h"
#include "device/store/settings.h"

#include <inttypes.h>

static const char *const show_words[] = {
    [CHANNEL_SHOW_DEFAULT] = "as the role of its pins says",
    [CHANNEL_SHOW_HIDDEN] = "not on the page",
    [CHANNEL_SHOW_READING] = "reading",
    [CHANNEL_SHOW_TOGGLE] = "switch",
    [CHANNEL_SHOW_SLIDER] = "slider from 0 to",
    [CHANNEL_SHOW_CHOICE] = "choice of",
    [CHANNEL_SHOW_STATE] = "state, one of",
    [CHANNEL_SHOW_NUMBER] = "number field",
    [CHANNEL_SHOW_ENUM] = "texts of SetChannelEnum",
    [CHANNEL_SHOW_TIMER] = "time in hours, minutes, seconds",
};

void reference_pins(FILE *out) {
    fputs("# Pin roles and channel types\n\n## Pin roles\n\nWhat can hang on a pin "
          "(`SetPinRole pin role`). Names and numbers are OpenBeken's; `Fields` is how many "
          "channels a pin of that role has.\n\n| No. | Role | Fields | What it is |\n"
          "|---|---|---|---|\n",
          out);
    for (unsigned i = 0; i < OBK_ROLE_COUNT; i++)
        fprintf(out, "| %u | `%s` | %u | %s |\n", i, obk_role_row(i)->name,
                obk_role_row(i)->channels, obk_role_what(i));
    fputs("\n## Channel types\n\nHow the integer of a channel is read and shown "
          "(`SetChannelType channel type`): the value is the integer divided by `Divider`.\n\n"
          "| No. | Type | Divider | Unit | On the page |\n|---|---|---|---|---|\n",
          out);
    for (unsigned i = 0; i < CHANNEL_TYPE_COUNT; i++) {
        const struct channel_type *t = channel_type_row(i);
        fprintf(out, "| %u | `%s` | %u | %s | %s%s%s |\n", i, t->name, t->divider, t->unit,
                show_words[t->show], *t->words ? " " : "", t->words);
    }
}

static void setting_type(FILE *out, const struct setting *s) {
    if (s->type == SETTING_TEXT)
        fprintf(out, "text, up to %u bytes", s->size - 1u);
    else if (s->type == SETTING_BYTES)
        fprintf(out, "%u bytes in hex", s->size);
    else if (s->type == SETTING_UINT && s->high == -1)
        fprintf(out, "%" PRId32 " to %" PRIu32, s->low, UINT32_MAX);
    else
        fprintf(out, "%" PRId32 " to %" PRId32, s->low, s->high);
}

void reference_settings(FILE *out) {
    fputs("# Settings\n\nWhat a plug remembers across restarts. `cfg` in scenarios, the pages, "
          "`/api/v2/settings` and backups use these names.\n\n| Setting | Value | What it is |\n"
          "|---|---|---|\n",
          out);
    for (size_t i = 0; i < settings_count; i++) {
        const struct setting *s = &settings_table[i];
        fprintf(out, "| `%s` | ", s->name);
        setting_type(out, s);
        fprintf(out, " | %s%s |\n", setting_help(s), s->secret ? " (masked in reports)" : "");
    }
    fputs("\n## Flags\n\n`SetFlag number 0/1`. A fresh plug has only flag 10.\n\n| Flag | What it "
          "does |\n|---|---|\n",
          out);
    for (unsigned bit = 0; bit < OBK_FLAG_COUNT; bit++)
        fprintf(out, "| %u | %s |\n", bit, obk_flag_text(bit));
}

static void drivers(FILE *out) {
    fputs("## Drivers\n\n`startDriver name`, `stopDriver name`. Those with roles start by "
          "themselves when pins have all of them.\n\n| Driver | Roles that start it | Here |\n"
          "|---|---|---|\n",
          out);
    for (const struct driver *r = driver_table; r->name; r++) {
        fprintf(out, "| `%s` |", r->name);
        for (size_t i = 0; i < sizeof r->needs && r->needs[i]; i++)
            fprintf(out, " `%s`", obk_role_name(r->needs[i]));
        fprintf(out, " | %s%s |\n", r->where ? "not in this build; brought by: " : "yes",
                r->where ? r->where : "");
    }
}

void reference_scripts(FILE *out) {
    fputs("# Constants, events and drivers of scripts\n\n## Constants\n\nIn expressions, and "
          "replaced in texts; `*` is a digit.\n\n| Constant | Value |\n|---|---|\n",
          out);
    for (unsigned i = 0; constant_name(i); i++)
        fprintf(out, "| `%s` | %s |\n", constant_name(i), constant_help(i));
    fputs("\n## Events\n\nFor `addEventHandler`, `addChangeHandler` and `waitFor`; "
          "`Channel0` to `Channel63` are events, too.\n\n| Event | Code |\n|---|---|\n",
          out);
    for (unsigned i = 0; event_name(i); i++)
        fprintf(out, "| `%s` | %d |\n", event_name(i), event_find(event_name(i)));
    fputc('\n', out);
    drivers(out);
}
