/* Every pin role there is: its number, its name, and what a pin with it does. A role that nothing
 * serves says so in the log, and is kept and given out again. One row per role. */
#include "codec/openbeken/roles.h"
#include "device/script/command.h"
#include "virtual/plug/plug.h"

#include "check.h"

enum { PIN = 9, OTHER_PIN = 24, CHANNEL = 5, CLICKS = 20 };

/* What is seen from outside. Inverted ones have a minus. */
enum does {
    NOTHING = 1,
    FOLLOWS,  /* level is channel > 0 */
    DUTY,     /* PWM duty is the channel */
    BUTTON,   /* a click on low level */
    INPUT,    /* channel is the level */
    SWITCH,   /* each change toggles the channel */
    COUNTS,   /* falling edges */
    ANALOG,   /* channel is the reading, each second */
    BATTERY,  /* analog, read by its driver */
    ZONES,    /* analog, divided into buttons */
    CONSTANT, /* high */
    WIFI,     /* high when connected */
    STRIP,    /* high when the light is on */
    COIL,     /* low but for its pulse */
    METER,    /* belongs to a meter */
    WIRE,     /* one of two wires, or a bus of its own: see test_two_wires */
    ABSENT,   /* kept, and said to be without service */
};

static const struct {
    const char *name;
    int does;
} rows[OBK_ROLE_COUNT] = {
    {"None", NOTHING},
    {"Rel", FOLLOWS},
    {"Rel_n", -FOLLOWS},
    {"Btn", BUTTON},
    {"Btn_n", -BUTTON},
    {"LED", FOLLOWS},
    {"LED_n", -FOLLOWS},
    {"PWM", DUTY},
    {"WifiLED", WIFI},
    {"WifiLED_n", -WIFI},
    {"Btn_Tgl_All", BUTTON},
    {"Btn_Tgl_All_n", -BUTTON},
    {"dInput", INPUT},
    {"dInput_n", -INPUT},
    {"TglChanOnTgl", SWITCH},
    {"dInput_NoPullUp", INPUT},
    {"dInput_NoPullUp_n", -INPUT},
    {"BL0937SEL", METER},
    {"BL0937CF", METER},
    {"BL0937CF1", METER},
    {"ADC", ANALOG},
    {"SM2135DAT", WIRE},
    {"SM2135CLK", WIRE},
    {"BP5758D_DAT", WIRE},
    {"BP5758D_CLK", WIRE},
    {"BP1658CJ_DAT", WIRE},
    {"BP1658CJ_CLK", WIRE},
    {"PWM_n", -DUTY},
    {"IRRecv", ABSENT},
    {"IRSend", ABSENT},
    {"Btn_NextColor", BUTTON},
    {"Btn_NextColor_n", -BUTTON},
    {"Btn_NextDimmer", BUTTON},
    {"Btn_NextDimmer_n", -BUTTON},
    {"AlwaysHigh", CONSTANT},
    {"AlwaysLow", -CONSTANT},
    {"UCS1912_DIN", ABSENT},
    {"SM16703P_DIN", ABSENT},
    {"Btn_NextTemperature", BUTTON},
    {"Btn_NextTemperature_n", -BUTTON},
    {"Btn_ScriptOnly", BUTTON},
    {"Btn_ScriptOnly_n", -BUTTON},
    {"DHT11", WIRE},
    {"DHT12", WIRE},
    {"DHT21", WIRE},
    {"DHT22", WIRE},
    {"CHT83XX_SDA", WIRE},
    {"CHT83XX_SCK", WIRE},
    {"SHT3X_SDA", WIRE},
    {"SHT3X_SCK", WIRE},
    {"SoftSDA", ABSENT},
    {"SoftSCL", ABSENT},
    {"SM2235DAT", WIRE},
    {"SM2235CLK", WIRE},
    {"BridgeFWD", COIL},
    {"BridgeREV", COIL},
    {"Btn_SmartLED", BUTTON},
    {"Btn_SmartLED_n", -BUTTON},
    {"DoorSnsrWSleep", INPUT},
    {"DoorSnsrWSleep_nPup", INPUT},
    {"BAT_ADC", BATTERY},
    {"BAT_Relay", FOLLOWS},
    {"TM1637_DIO", ABSENT},
    {"TM1637_CLK", ABSENT},
    {"BL0937SEL_n", METER},
    {"DoorSnsrWSleep_pd", INPUT},
    {"SGP_CLK", ABSENT},
    {"SGP_DAT", ABSENT},
    {"ADC_Button", ZONES},
    {"GN6932_CLK", ABSENT},
    {"GN6932_DAT", ABSENT},
    {"GN6932_STB", ABSENT},
    {"TM1638_CLK", ABSENT},
    {"TM1638_DAT", ABSENT},
    {"TM1638_STB", ABSENT},
    {"BAT_Relay_n", -FOLLOWS},
    {"KP18058_CLK", ABSENT},
    {"KP18058_DAT", ABSENT},
    {"DS1820_IO", WIRE},
    {"PWM_ScriptOnly", DUTY},
    {"PWM_ScriptOnly_n", -DUTY},
    {"Counter_f", COUNTS},
    {"Counter_r", -COUNTS},
    {"IRRecv_nPup", ABSENT},
    {"StripState", STRIP},
    {"StripState_n", -STRIP},
    {"HLW_8112_SCSN", ABSENT},
    {"RCRecv", ABSENT},
    {"RCRecv_nPup", ABSENT},
    {"Btn_pd", BUTTON},
    {"Btn_pd_n", -BUTTON},
    {"TglChanOnTgl_pd", SWITCH},
    {"ShutterA", COIL},
    {"ShutterB", COIL},
    {"BtnShutterUp", BUTTON},
    {"BtnShutterDown", BUTTON},
    {"BL0939_SCLK", ABSENT},
    {"BL0939_MOSI", ABSENT},
    {"BL0939_MISO", ABSENT},
};

static struct plug plug;

static struct device *dev(void) {
    return &plug.device;
}

static int32_t channel(int number) {
    return dev()->channels.value[number];
}

static bool level(void) {
    return virtual_pin_level(&plug.chip, PIN);
}

static void follows(bool inverted) {
    assert_int_equal(level(), inverted); /* driven at once, from the channel's 0 */
    channel_set(dev(), CHANNEL, 1, 0);
    assert_int_equal(level(), !inverted);
    channel_set(dev(), CHANNEL, 0, 0);
    assert_int_equal(level(), inverted);
}

static void duty(bool inverted) {
    channel_set(dev(), CHANNEL, 30, 0);
    assert_int_equal(plug.chip.pins[PIN].duty, inverted ? 7000 : 3000);
    channel_set(dev(), CHANNEL, 0, 0);
    assert_int_equal(plug.chip.pins[PIN].duty, inverted ? 10000 : 0);
}

static void button(bool active_high) {
    command_run(dev(), "addEventHandler OnClick 9 AddChannel 20 1", COMMAND_FROM_CONSOLE);
    plug_pin_set(&plug, PIN, !active_high);
    plug_run_ms(&plug, 7000);
    int32_t before = channel(CLICKS);
    plug_pin_set(&plug, PIN, active_high);
    plug_run_ms(&plug, 150);
    plug_pin_set(&plug, PIN, !active_high);
    plug_run_ms(&plug, 500);
    assert_int_equal(channel(CLICKS), before + 1);
}

static void input(bool inverted) {
    plug_pin_set(&plug, PIN, true);
    plug_run_ms(&plug, 400);
    assert_int_equal(channel(CHANNEL), !inverted);
    plug_pin_set(&plug, PIN, false);
    plug_run_ms(&plug, 400);
    assert_int_equal(channel(CHANNEL), inverted);
}

static void toggles(void) {
    plug_pin_set(&plug, PIN, !level());
    plug_run_ms(&plug, 400);
    assert_int_equal(channel(CHANNEL), 1);
    plug_pin_set(&plug, PIN, !level());
    plug_run_ms(&plug, 400);
    assert_int_equal(channel(CHANNEL), 0);
}

static void counts(bool rising) {
    plug_pin_set(&plug, PIN, rising);
    int32_t before = channel(CHANNEL);
    for (int i = 0; i < 3; i++) {
        plug_pin_set(&plug, PIN, !rising);
        plug_run_ms(&plug, 20);
        plug_pin_set(&plug, PIN, rising);
        plug_run_ms(&plug, 20);
    }
    /* the first level set may have been an edge, too */
    assert_in_range(channel(CHANNEL) - before, 3, 4);
}

static void analog(void) {
    plug.chip.pins[PIN].adc = 512;
    plug_run_ms(&plug, 1100);
    assert_int_equal(channel(CHANNEL), 512);
}

static void battery(void) {
    plug.chip.pins[PIN].adc = 900;
    assert_int_equal(board_adc(dev(), PIN), 900);
    assert_int_equal(channel(CHANNEL), 0); /* its driver publishes; see the battery's own test */
}

static void zones(void) {
    command_run(dev(), "ADCButtonMap 200 400 800", COMMAND_FROM_CONSOLE);
    command_run(dev(), "addEventHandler OnADCButton 2 AddChannel 20 1", COMMAND_FROM_CONSOLE);
    plug.chip.pins[PIN].adc = 500;
    plug_run_ms(&plug, 60);
    plug.chip.pins[PIN].adc = 0;
    plug_run_ms(&plug, 500);
    assert_int_equal(channel(CLICKS), 0); /* too short */
    plug.chip.pins[PIN].adc = 500;
    plug_run_ms(&plug, 300);
    assert_int_equal(channel(CLICKS), 1);
    assert_int_equal(channel(CHANNEL), 2);
    plug.chip.pins[PIN].adc = 1000;
    plug_run_ms(&plug, 300);
    assert_int_equal(channel(CHANNEL), 3);
    assert_int_equal(command_run(dev(), "ADCButtonMap 400 200", COMMAND_FROM_CONSOLE),
                     COMMAND_BAD_ARGUMENT);
}

static void wifi(bool inverted) {
    device_on_wifi(dev(), HAL_WIFI_CONNECTED);
    plug_run_ms(&plug, 50);
    assert_int_equal(level(), !inverted);
}

static void strip(bool inverted) {
    board_set_role(dev(), OTHER_PIN, OBK_ROLE_PWM);
    assert_int_equal(level(), inverted);
    light_set_on(dev(), true);
    assert_int_equal(level(), !inverted);
}

/* A lone coil or motor must never be driven: the other one is missing. */
static void coil(void) {
    channel_set(dev(), CHANNEL, 1, 0);
    for (int i = 0; i < 50; i++) {
        plug_run_ms(&plug, 10);
        assert_false(level());
    }
}

static bool log_says(const char *text) {
    char lines[DEVICE_LOG_RING + 1];
    device_log_read(dev(), lines, sizeof lines);
    return strstr(lines, text) != NULL;
}

static void look(int does) {
    bool inverted = does < 0;
    switch (inverted ? -does : does) {
    case FOLLOWS:
        follows(inverted);
        break;
    case DUTY:
        duty(inverted);
        break;
    case BUTTON:
        button(inverted);
        break;
    case INPUT:
        input(inverted);
        break;
    case SWITCH:
        toggles();
        break;
    case COUNTS:
        counts(inverted);
        break;
    case ANALOG:
        analog();
        break;
    case BATTERY:
        battery();
        break;
    case ZONES:
        zones();
        break;
    case CONSTANT:
        assert_int_equal(level(), !inverted);
        break;
    case WIFI:
        wifi(inverted);
        break;
    case STRIP:
        strip(inverted);
        break;
    case COIL:
        coil();
        break;
    default:
        break;
    }
}

static void every_role_does_what_its_name_says(void **state) {
    (void)state;
    for (unsigned role = 0; role < OBK_ROLE_COUNT; role++) {
        assert_true(plug_init(&plug, "BK7231N"));
        assert_string_equal(obk_role_name(role), rows[role].name);
        assert_int_equal(obk_role_find(rows[role].name), role);
        plug_pin_set(&plug, PIN, false);
        board_set_channel(dev(), PIN, CHANNEL);
        assert_int_equal(board_set_role(dev(), PIN, role), STATUS_OK);
        assert_int_equal(log_says("nothing in this build serves it"), rows[role].does == ABSENT);
        if (plug.chip.pins[PIN].mode == HAL_PIN_OUTPUT)
            virtual_pin_release(&plug.chip, PIN);
        look(rows[role].does);
        plug_run_ms(&plug, 2000);
        plug_restart(&plug, HAL_RESET_POWER);
        assert_int_equal(board_role(dev(), PIN), role); /* remembered, served or not */
        plug_free(&plug);
    }
}

static void numbers_beyond_the_table_are_refused(void **state) {
    (void)state;
    assert_true(plug_init(&plug, "BK7231N"));
    assert_int_equal(board_set_role(dev(), PIN, OBK_ROLE_COUNT), STATUS_BAD_ARGUMENT);
    assert_int_equal(board_set_role(dev(), 29, OBK_ROLE_RELAY), STATUS_BAD_ARGUMENT);
    assert_int_equal(OBK_ROLE_COUNT, 99);
    plug_free(&plug);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_role_does_what_its_name_says),
        cmocka_unit_test(numbers_beyond_the_table_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
