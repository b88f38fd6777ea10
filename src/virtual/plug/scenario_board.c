/* Operations and queries of the board in scenarios: battery, door sensor, LED chips. */
#include "device/board/battery.h"
#include "device/command/drivers.h"
#include "virtual/plug/scenario_rooms.h"
#include "virtual/plug/scenario_rows.h"

static void op_battery(struct scenario *s, args_t a, unsigned n) {
    (void)a, (void)n;
    battery_measure(DEVICE);
}

NUMBER(battery_voltage, DEVICE->board.battery.mv)
NUMBER(battery_level, DEVICE->board.battery.percent)
NUMBER(door_idle, DEVICE->board.sleep.door.idle_s)
NUMBER(door_wake, DEVICE->board.sleep.door.wake_s)
NUMBER(led_chip, light_chip_value(DEVICE, a[0].number >= 0 ? (unsigned)a[0].number : 99))

const struct scenario_op scenario_board_ops[] = {
    {"battery-measure", "", op_battery},
    {NULL, NULL, NULL},
};

const struct scenario_query scenario_board_queries[] = {
    {"battery_voltage", "", battery_voltage, NULL},
    {"battery_level", "", battery_level, NULL},
    {"door_idle", "", door_idle, NULL},
    {"door_wake", "", door_wake, NULL},
    {"led_chip", "n", led_chip, NULL},
    {NULL, NULL, NULL, NULL},
};
