/* The channel types, in order of their numbers. */
#include "codec/openbeken/channel_types.h"

#include "base/text.h"
#include <stddef.h>

// clang-format off
static const struct channel_type rows[CHANNEL_TYPE_COUNT] = {
    {"Default", 1, "", CHANNEL_SHOW_DEFAULT, "", ""},
    {"Error", 1, "", CHANNEL_SHOW_HIDDEN, "", ""},
    {"Temperature", 1, "C", CHANNEL_SHOW_READING, "Temperature", ""},
    {"Humidity", 1, "%", CHANNEL_SHOW_READING, "Humidity", ""},
    {"Humidity_div10", 10, "%", CHANNEL_SHOW_READING, "Humidity", ""},
    {"Temperature_div10", 10, "C", CHANNEL_SHOW_READING, "Temperature", ""},
    {"Toggle", 1, "", CHANNEL_SHOW_TOGGLE, "", ""},
    {"Dimmer", 1, "", CHANNEL_SHOW_SLIDER, "", "100"},
    {"LowMidHigh", 1, "", CHANNEL_SHOW_CHOICE, "", "Low,Mid,High"},
    {"TextField", 1, "", CHANNEL_SHOW_NUMBER, "", ""},
    {"ReadOnly", 1, "", CHANNEL_SHOW_READING, "", ""},
    {"OffLowMidHigh", 1, "", CHANNEL_SHOW_CHOICE, "", "Off,Low,Mid,High"},
    {"OffLowestLowMidHighHighest", 1, "", CHANNEL_SHOW_CHOICE, "", "Off,Lowest,Low,Mid,High,Highest"},
    {"LowestLowMidHighHighest", 1, "", CHANNEL_SHOW_CHOICE, "", "Lowest,Low,Mid,High,Highest"},
    {"Dimmer256", 1, "", CHANNEL_SHOW_SLIDER, "", "255"},
    {"Dimmer1000", 1, "", CHANNEL_SHOW_SLIDER, "", "1000"},
    {"Frequency_div100", 100, "Hz", CHANNEL_SHOW_READING, "Frequency", ""},
    {"Voltage_div10", 10, "V", CHANNEL_SHOW_READING, "Voltage", ""},
    {"Power", 1, "W", CHANNEL_SHOW_READING, "Power", ""},
    {"Current_div100", 100, "A", CHANNEL_SHOW_READING, "Current", ""},
    {"ActivePower", 1, "", CHANNEL_SHOW_HIDDEN, "", ""},
    {"PowerFactor_div1000", 1000, "", CHANNEL_SHOW_READING, "PowerFactor", ""},
    {"ReactivePower", 1, "vAr", CHANNEL_SHOW_READING, "ReactivePower", ""},
    {"EnergyTotal_kWh_div1000", 1000, "kWh", CHANNEL_SHOW_READING, "EnergyTotal", ""},
    {"EnergyExport_kWh_div1000", 1000, "kWh", CHANNEL_SHOW_READING, "EnergyExport", ""},
    {"EnergyToday_kWh_div1000", 1000, "kWh", CHANNEL_SHOW_READING, "EnergyToday", ""},
    {"Current_div1000", 1000, "A", CHANNEL_SHOW_READING, "Current", ""},
    {"EnergyTotal_kWh_div100", 100, "kWh", CHANNEL_SHOW_READING, "EnergyTotal", ""},
    {"OpenClosed", 1, "", CHANNEL_SHOW_STATE, "", "OPEN,CLOSED"},
    {"OpenClosed_Inv", 1, "", CHANNEL_SHOW_STATE, "", "CLOSED,OPEN"},
    {"BatteryLevelPercent", 1, "%", CHANNEL_SHOW_READING, "Battery", ""},
    {"OffDimBright", 1, "", CHANNEL_SHOW_CHOICE, "", "Off,Dim,Bright"},
    {"LowMidHighHighest", 1, "", CHANNEL_SHOW_CHOICE, "", "Low,Mid,High,Highest"},
    {"OffLowMidHighHighest", 1, "", CHANNEL_SHOW_CHOICE, "", "Off,Low,Mid,High,Highest"},
    {"Custom", 1, "", CHANNEL_SHOW_HIDDEN, "", ""},
    {"Power_div10", 10, "W", CHANNEL_SHOW_READING, "Power", ""},
    {"ReadOnlyLowMidHigh", 1, "", CHANNEL_SHOW_STATE, "", "Low,Mid,High"},
    {"SmokePercent", 1, "", CHANNEL_SHOW_HIDDEN, "", ""},
    {"Illuminance", 1, "Lux", CHANNEL_SHOW_READING, "Illuminance", ""},
    {"Toggle_Inv", 1, "", CHANNEL_SHOW_TOGGLE, "", ""},
    {"OffOnRemember", 1, "", CHANNEL_SHOW_CHOICE, "", "Off,On,Remember"},
    {"Voltage_div100", 100, "V", CHANNEL_SHOW_READING, "Voltage", ""},
    {"Temperature_div2", 2, "C", CHANNEL_SHOW_READING, "Temperature", ""},
    {"TimerSeconds", 1, "", CHANNEL_SHOW_TIMER, "Timer", ""},
    {"Frequency_div10", 10, "Hz", CHANNEL_SHOW_READING, "Frequency", ""},
    {"PowerFactor_div100", 100, "", CHANNEL_SHOW_READING, "PowerFactor", ""},
    {"Pressure_div100", 100, "hPa", CHANNEL_SHOW_READING, "Pressure", ""},
    {"Temperature_div100", 100, "C", CHANNEL_SHOW_READING, "Temperature", ""},
    {"LeakageCurrent_div1000", 1000, "A", CHANNEL_SHOW_READING, "Leakage", ""},
    {"Power_div100", 100, "W", CHANNEL_SHOW_READING, "Power", ""},
    {"Motion", 1, "", CHANNEL_SHOW_STATE, "", "No motion,Motion!"},
    {"ReadOnly_div10", 10, "", CHANNEL_SHOW_READING, "ReadOnly", ""},
    {"ReadOnly_div100", 100, "", CHANNEL_SHOW_READING, "ReadOnly", ""},
    {"ReadOnly_div1000", 1000, "", CHANNEL_SHOW_READING, "ReadOnly", ""},
    {"Ph", 100, "Ph", CHANNEL_SHOW_READING, "Ph Water Quality", ""},
    {"Orp", 1, "mV", CHANNEL_SHOW_READING, "Orp Water Quality", ""},
    {"Tds", 1, "ppm", CHANNEL_SHOW_READING, "TDS Water Quality", ""},
    {"Motion_n", 1, "", CHANNEL_SHOW_STATE, "", "Motion!,No motion"},
    {"Frequency_div1000", 1000, "Hz", CHANNEL_SHOW_READING, "Frequency", ""},
    {"OpenStopClose", 1, "", CHANNEL_SHOW_CHOICE, "", "Open,Stop,Close"},
    {"Percent", 1, "", CHANNEL_SHOW_SLIDER, "", "100"},
    {"StopUpDown", 1, "", CHANNEL_SHOW_CHOICE, "", "Stop,Up,Down"},
    {"EnergyImport_kWh_div1000", 1000, "kWh", CHANNEL_SHOW_READING, "EnergyImport", ""},
    {"Enum", 1, "", CHANNEL_SHOW_ENUM, "", ""},
    {"ReadOnlyEnum", 1, "", CHANNEL_SHOW_STATE, "", ""},
    {"Current_div10", 10, "A", CHANNEL_SHOW_READING, "Current", ""},
    {"Illuminance_div10", 10, "Lux", CHANNEL_SHOW_READING, "Illuminance", ""},
    {"Frequency", 1, "Hz", CHANNEL_SHOW_READING, "Frequency", ""},
};
// clang-format on

const struct channel_type *channel_type_row(unsigned id) {
    return id < CHANNEL_TYPE_COUNT ? &rows[id] : NULL;
}

int channel_type_find(const char *name) {
    for (int id = 0; id < CHANNEL_TYPE_COUNT; id++)
        if (text_same(rows[id].name, name))
            return id;
    return -1;
}
