/* Entities that drivers bring: shutters as covers, and the buttons a script has put on the pages.
 * Source: openshwprojects/OpenBK7231T_App: src/driver/drv_shutters.c, src/driver/drv_httpButtons.c.
 */
#include "device/board/shutter.h"
#include "device/service/mqtt/ha.h"
#include "device/service/rest/web_buttons.h"

static struct ha_entity numbered(const char *component, const char *kind, int number) {
    struct ha_entity e = {.component = component, .channel = -1, .channel2 = -1};
    struct text id = text_start(e.id, sizeof e.id);
    text_add(&id, kind);
    text_char(&id, '_');
    text_int(&id, number);
    return e;
}

static void button_members(const struct ha_out *o, const struct ha_entity *e) {
    const struct web_button *b = e->row;
    ha_text(o, "payload_press", b->command);
    ha_command(o, "command_topic", "backlog");
}

static bool button(struct device *d, unsigned i, struct ha_entity *e) {
    const struct web_button *b = web_button(d, i);
    if (!b || !b->command[0])
        return false;
    *e = numbered("button", "button", (int)i);
    e->name = b->label[0] ? b->label : "Button";
    e->members = button_members;
    e->row = b;
    return true;
}

static void cover_members(const struct ha_out *o, const struct ha_entity *e) {
    char name[20];
    struct text command = text_start(name, sizeof name);
    text_add(&command, "ShutterMove");
    text_int(&command, e->channel);
    ha_command(o, "command_topic", name);
    ha_command(o, "set_position_topic", name);
    ha_text(o, "payload_open", "OPEN");
    ha_text(o, "payload_close", "CLOSE");
    ha_text(o, "payload_stop", "STOP");
    struct text position = text_start(name, sizeof name);
    text_add(&position, "shutterPos");
    text_int(&position, e->channel);
    ha_topic(o, "position_topic", name, "/get");
    ha_number(o, "position_open", 100);
    ha_number(o, "position_closed", 0);
}

static bool cover(struct device *d, int channel, struct ha_entity *e) {
    if (!shutter_at(d, channel))
        return false;
    *e = numbered("cover", "cover", channel);
    e->channel = (int16_t)channel;
    struct text number = text_start(e->number, sizeof e->number);
    text_int(&number, channel);
    e->name = channel_label(d, channel);
    e->labelled = e->name != NULL;
    e->device_class = "shutter";
    e->members = cover_members;
    return true;
}

bool ha_driver_at(struct device *d, unsigned i, struct ha_entity *e) {
    return i < WEB_BUTTONS ? button(d, i, e) : cover(d, (int)(i - WEB_BUTTONS), e);
}

unsigned ha_driver_places(void) {
    return WEB_BUTTONS + CHANNEL_COUNT;
}
