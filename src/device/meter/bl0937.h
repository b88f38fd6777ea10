/* State of the BL0937 driver: three pins, one pulse rate for power and one each for voltage and
 * current, which take turns on CF1. Also reads HLW8012 and CSE7759, which differ in their factors.
 * Source: Belling BL0937 datasheet V1.01. */
#ifndef DEVICE_METER_BL0937_H
#define DEVICE_METER_BL0937_H
#include "device/meter/pulse_rate.h"

enum { BL0937_NO_PIN = 0xFF };

struct bl0937 {
    uint8_t cf, cf1, sel; /* pins; BL0937_NO_PIN: none */
    bool sel_inverted;
    bool on_voltage; /* CF1 tells the voltage now, else the current */
    uint8_t skip;    /* edges to be ignored after SEL changed */
    uint8_t mode;    /* enum pulse_mode */
    struct pulse_rate power, voltage, current;
    uint64_t turned_us; /* when SEL changed */
    uint64_t began_us;  /* the figure that is being gathered: then or later */
    uint64_t volts_us;  /* when the voltage was last told; 0: never */
    float turn_hz;      /* power when the voltage got its turn */
    bool hurried;       /* that turn was given up for the current's sake */
    uint64_t booked;    /* pulses of power already in the ledger */
    float volts, amps;  /* last good ones */
    struct bl0937_calm {
        float hz;  /* where it began, */
        float sum; /* and all figures within 2 % of it */
        uint16_t count;
    } calm[2];     /* voltage and current: turns */
    float calm_hz; /* power: since when it has been within 2 % of this */
    uint64_t calm_us, calm_pulses;
    struct bl0937_look {
        uint64_t pulses, us; /* of the last quick look, */
        float hz;            /* and what it found */
    } look_power, look_current;
};
#endif
