/* Buttons that a script puts on the pages: driver HTTPButtons, then setButtonEnabled, -Label,
 * -Color and -Command. They are on the classic page, on the start page and in Home Assistant.
 * Source: openshwprojects/OpenBK7231T_App: src/driver/drv_httpButtons.c. */
#ifndef DEVICE_SERVICE_WEB_BUTTONS_H
#define DEVICE_SERVICE_WEB_BUTTONS_H
#include "base/text.h"
#include "device/script/command_row.h"
#include "device/service/rest/web_buttons_state.h"

struct device;

/* The i-th button when it is to be shown; NULL: not this one. */
const struct web_button *web_button(const struct device *d, unsigned i);
/* Somebody pressed it. */
void web_button_press(struct device *d, unsigned i);
/* As rows of the classic page. */
void web_buttons_html(const struct device *d, struct text *out);
/* As member of the state of the pages: ,"buttons":[…] */
void web_buttons_json(const struct device *d, struct text *out);
/* "setButton…": what a script sets. */
enum web_button_part { WEB_BUTTON_LABEL, WEB_BUTTON_COLOR, WEB_BUTTON_COMMAND };
bool web_button_set(struct device *d, int32_t i, enum web_button_part part, const char *text);
bool web_button_enable(struct device *d, int32_t i, bool on);
#endif
