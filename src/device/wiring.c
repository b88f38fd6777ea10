/* Who hears of what; see wiring.h. */
#include "device/wiring.h"

#include "device/board/board.h"
#include "device/command/drivers.h"
#include "device/command/groups.h"
#include "device/device.h"
#include "device/light/view.h"
#include "device/press.h"
#include "device/script/events.h"

#if PLUGSMITH_SERVICES
#include "device/service/routes.h"
#include "device/service/services.h"
#endif

const struct wiring device_wiring = {
    .event = events_fire,
    .change = events_change,
    .channel = board_apply_channel,
    .view_get = light_view_get,
    .view_set = light_view_set,
    .view_toggle = light_toggle,
    .press = button_press,
    .clicks = button_clicks,
    .hold = button_hold,
    .publish = device_publish,
    .publish_reading = device_publish_reading,
    .publish_channel = device_publish_channel,
    .save = device_save,
    .words = &command_words,
    .drivers = driver_table,
#if PLUGSMITH_SERVICES
    .services = service_table,
    .routes = route_tables,
#endif
};
