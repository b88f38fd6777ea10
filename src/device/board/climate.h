/* Sensors of temperature and humidity: the pin's channel gets the temperature, in tenths of a
 * degree (DS18B20: hundredths), its second channel the humidity in whole percent. A sensor that
 * does not answer, or whose check sum is wrong, changes nothing; that is said once. */
#ifndef DEVICE_CLIMATE_H
#define DEVICE_CLIMATE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct device;

enum climate_kind { CLIMATE_SHT3X, CLIMATE_CHT83XX, CLIMATE_DHT, CLIMATE_DS18B20, CLIMATE_KINDS };

struct climate {
    uint8_t left_s[CLIMATE_KINDS]; /* until the sensor is asked or read */
    uint8_t asked;                 /* bit per kind: a measurement is running */
    uint8_t silent;                /* bit per kind: reported as not answering */
};

/* Second tick: whatever of these is on some pin is read every ten seconds. */
void climate_second(struct device *d);

/* The 40 bits of a DHT from the lengths of the levels after the start signal: the answer's low and
 * high, then each bit's low and high. False: not whole, or the sum is wrong. */
bool dht_decode(const uint8_t *lengths_us, size_t count, uint8_t out[4]);
#endif
