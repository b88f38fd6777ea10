/* What kind of device it is and why, what is uncertain, and which steps help next. */
#include "workbench/inspector/inspection.h"

#include "codec/openbeken/roles.h"

#include <inttypes.h>
#include <stdio.h>

static bool is_code_file(enum image_kind kind) {
    return kind == IMAGE_QIO || kind == IMAGE_UA || kind == IMAGE_BOOTLOADER || kind == IMAGE_RBL ||
           kind == IMAGE_UG || kind == IMAGE_RAW_CODE;
}

static enum device_class classify(const struct inspection *in) {
    if (in->config_found && in->config.pin_count)
        return DEVICE_PINS;
    if (in->openbeken_found || (in->survey.program.openbeken && !is_code_file(in->survey.kind)))
        return DEVICE_OPENBEKEN;
    if (in->config.baud)
        return DEVICE_TUYA_MCU;
    if (in->storage.found || in->config_found)
        return strstr(in->survey.program.name, "common") ? DEVICE_TUYA_MCU : DEVICE_CUSTOM;
    return is_code_file(in->survey.kind) ? DEVICE_NONE : DEVICE_UNKNOWN;
}

static void explain(struct inspection *in) {
    const char *name = in->survey.program.name;
    if (in->device != DEVICE_TUYA_MCU && in->device != DEVICE_CUSTOM)
        return;
    lines_add(&in->why, "no pin configuration anywhere: not in the storage, user files, "
                        "application or as text");
    if (in->config.baud)
        lines_add(&in->why,
                  "the storage sets a UART speed of %s baud: a second microcontroller or "
                  "a metering chip talks on it",
                  in->config.baud);
    if (strstr(name, "common"))
        lines_add(&in->why,
                  "the application %s is Tuya's general firmware for modules beside a "
                  "microcontroller",
                  name);
    if (in->schema_count)
        lines_add(&in->why, "a schema of %zu datapoints is stored", in->schema_count);
}

static void next_for_mcu(struct inspection *in) {
    const char *baud = in->config.baud ? in->config.baud : "9600 (then 115200)";
    lines_add(&in->next,
              "record the talk between module and microcontroller (RX1/TX1, %s baud) "
              "while you press its buttons; it names every datapoint",
              baud);
    lines_add(&in->next,
              "with OpenBeken: startDriver TuyaMCU%s%s; --template obk and --template "
              "esphome write a start for it",
              in->config.baud ? ", tuyaMcu_setBaudRate " : "",
              in->config.baud ? in->config.baud : "");
    if (!in->schema_count)
        lines_add(&in->next, "no datapoint schema is stored: it appears after the device was "
                             "paired with its app once; a dump made then has it");
}

static void next_for_custom(struct inspection *in) {
    lines_add(&in->next, "plugsmith emulate FILE boots it in software and watches which pins it "
                         "uses");
    lines_add(&in->next, "read the boot log on TX2 (115200 baud) and give it to plugsmith inspect: "
                         "stock firmware prints its pins there");
    lines_add(&in->next, "look up the product in the OpenBeken template database, by module and "
                         "picture of the board");
}

static void next_steps(struct inspection *in) {
    if (in->health == HEALTH_DAMAGED && !in->survey.update.found)
        lines_add(&in->next, "keep this file; read the flash a second time and compare the two");
    switch (in->device) {
    case DEVICE_PINS:
        lines_add(&in->next, "plugsmith inspect --template obk|esphome|tasmota FILE writes this "
                             "for the firmware of your choice");
        break;
    case DEVICE_TUYA_MCU:
        next_for_mcu(in);
        break;
    case DEVICE_CUSTOM:
        next_for_custom(in);
        break;
    case DEVICE_NONE:
        if (in->survey.kind == IMAGE_RAW_CODE)
            lines_add(&in->next, "do not flash it as it is: it lacks the checksums of every block; "
                                 "take the QIO or UA file of the same release");
        if (in->survey.kind == IMAGE_RBL || in->survey.kind == IMAGE_UG)
            lines_add(&in->next, "install it over the air; it cannot be written to flash directly");
        break;
    case DEVICE_UNKNOWN:
        if (in->survey.kind == IMAGE_DUMP || in->survey.kind == IMAGE_DATA)
            lines_add(&in->next, "read the whole flash (2 MiB from address 0): what describes the "
                                 "device lies in its last 128 KiB");
        break;
    case DEVICE_OPENBEKEN:
        break;
    }
    if (in->secret_count)
        lines_add(&in->next, "before you publish this file: plugsmith sanitize FILE OUT");
}

/* Two uses of one pin cannot both be right. */
static void warn_conflicts(struct inspection *in) {
    const struct tuya_config *c = &in->config;
    for (size_t i = 0; i < c->pin_count; i++)
        for (size_t k = i + 1; k < c->pin_count; k++)
            if (c->pins[i].gpio == c->pins[k].gpio)
                lines_add(&in->warnings, "P%d is used twice: %s and %s", c->pins[i].gpio,
                          c->pins[i].key, c->pins[k].key);
}

static void warn_config(struct inspection *in) {
    if (!in->config_found)
        return;
    const struct storage_param *param = &in->storage.param;
    if (in->config.truncated)
        lines_add(&in->warnings, "the configuration text ends early: pins may be missing");
    if (in->config.crc == TUYA_CRC_BAD)
        lines_add(&in->warnings, "the configuration's own CRC does not match: it was changed or "
                                 "damaged");
    if (param->damaged)
        lines_add(&in->warnings, "the stored configuration is damaged; values may be wrong");
    if (in->config.baud && in->config.pin_count)
        lines_add(&in->warnings,
                  "pins and a UART speed (%s baud) are both set: a metering chip or "
                  "microcontroller may be there, too",
                  in->config.baud);
}

/* Code and stores of different chips: a dump put together, or a module that lies about itself. */
static void warn_chip(struct inspection *in) {
    const char *colon = strrchr(in->chip_evidence, ':');
    const struct beken_chip *said = colon ? beken_chip_find(colon + 2) : NULL;
    const struct beken_chip *found = in->survey.chip;
    if (said && found && strcmp(said->family, found->family) != 0)
        lines_add(&in->warnings, "the code is for a %s, but the %s", found->name,
                  in->chip_evidence);
}

static void warn_image(struct inspection *in) {
    const struct survey *s = &in->survey;
    if (s->turned)
        lines_add(&in->warnings, "the file begins behind the bootloader, which stands at its end: "
                                 "do not write it back as it is");
    else if (s->origin > 0 && (s->app.found || s->rf_found))
        lines_add(&in->warnings,
                  "the file begins at flash address 0x%" PRIX64 "%s: write it back only there",
                  s->origin, s->origin == BEKEN_APP_OFFSET ? ", without the bootloader" : "");
    else if (s->origin < 0)
        lines_add(&in->warnings,
                  "%" PRId64 " bytes of another format stand before the flash "
                  "contents",
                  -s->origin);
    if (in->turned_by)
        lines_add(&in->warnings,
                  "the file begins at flash address 0x%" PRIX64
                  " and wraps: offsets here are flash "
                  "addresses; do not write it back as it is",
                  in->turned_by);
    if (s->doubled)
        lines_add(&in->warnings,
                  "the second half repeats the first: more was read than the flash "
                  "holds; the first half is the whole dump, and all that is shown here");
    bool whole = s->kind == IMAGE_DUMP && s->origin == 0 && !s->turned;
    if (whole && in->size >= (2u << 20) && !s->rf_found)
        lines_add(&in->warnings, "no RF block found: MAC address and radio calibration are lost or "
                                 "were not read");
    if (s->app.found && !s->app.rbl_found && s->app.offset + s->app.used + 34 > in->size)
        lines_add(&in->warnings, "the file ends inside the application: it was cut off");
    if (s->boot.found && !s->bootloader)
        lines_add(&in->warnings, "this bootloader is none of the known ones");
    if (s->config_found && !in->openbeken_found)
        lines_add(&in->warnings, "an OpenBeken configuration block at 0x%zX is damaged",
                  s->config_offset);
    if (in->text_found && in->text.secrets)
        lines_add(&in->warnings, "this text holds keys or addresses of your network: do not "
                                 "publish it as it is");
}

void inspection_advise(struct inspection *in) {
    in->device = classify(in);
    explain(in);
    warn_image(in);
    warn_chip(in);
    warn_config(in);
    warn_conflicts(in);
    next_steps(in);
}

void inspection_size_words(size_t size, struct text *out) {
    if (size >= (1u << 20) && size % (1u << 18) == 0) {
        text_fixed(out, (int64_t)(size >> 18) * 25, 2);
        while (out->length && (out->data[out->length - 1] == '0'))
            out->data[--out->length] = '\0';
        if (out->data[out->length - 1] == '.')
            out->data[--out->length] = '\0';
        text_add(out, " MiB");
    } else if (size >= 1024) {
        text_uint(out, size >> 10);
        text_add(out, " KiB");
    } else {
        text_uint(out, size);
        text_add(out, " bytes");
    }
}

static int count_kind(const struct inspection *in, int kind) {
    int count = 0;
    for (size_t i = 0; i < in->uses.count; i++)
        count += in->uses.use[i].kind == kind;
    return count;
}

static void add_parts(const struct inspection *in, struct text *out) {
    static const struct {
        int kind;
        const char *one, *many;
    } parts[] = {
        {PIN_KIND_RELAY, "relay", "relays"},
        {PIN_KIND_BUTTON, "button", "buttons"},
        {PIN_KIND_LED, "LED", "LEDs"},
        {PIN_KIND_LIGHT, "light output", "light outputs"},
        {PIN_KIND_SENSOR, "sensor input", "sensor inputs"},
    };
    const char *between = ": ";
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        int n = count_kind(in, parts[i].kind);
        if (!n)
            continue;
        text_add(out, between);
        text_int(out, n);
        text_add(out, " ");
        text_add(out, n == 1 ? parts[i].one : parts[i].many);
        between = ", ";
    }
    if (count_kind(in, PIN_KIND_METER))
        text_add(out, *between == ':' ? ": power metering" : ", power metering");
}

static void add_device(const struct inspection *in, struct text *out) {
    switch (in->device) {
    case DEVICE_PINS:
        text_add(out, ", stock firmware with pins");
        add_parts(in, out);
        break;
    case DEVICE_TUYA_MCU:
        text_add(out, ", TuyaMCU device (no pins to find)");
        break;
    case DEVICE_CUSTOM:
        text_add(out, ", stock firmware without a pin configuration");
        break;
    case DEVICE_OPENBEKEN:
        text_add(out, ", running ");
        text_add(out, in->survey.program.openbeken ? in->survey.program.name : "OpenBeken");
        add_parts(in, out);
        break;
    case DEVICE_UNKNOWN:
    case DEVICE_NONE:
        if (*in->survey.program.name || *in->survey.update.app) {
            text_add(out, ", ");
            text_add(out,
                     *in->survey.program.name ? in->survey.program.name : in->survey.update.app);
            if (*in->survey.program.version) {
                text_add(out, " ");
                text_add(out, in->survey.program.version);
            }
        }
        break;
    }
}

void inspection_headline(const struct inspection *in, struct text *out) {
    static const char *const text_words[] = {[TEXT_SOURCE_NONE] = "text",
                                             [TEXT_SOURCE_JSON] = "pasted configuration",
                                             [TEXT_SOURCE_DESCRIPTION] = "copied listing",
                                             [TEXT_SOURCE_BOOT_LOG] = "boot log"};
    if (in->survey.kind == IMAGE_FOREIGN) {
        text_add(out, in->survey.foreign);
        return;
    }
    if (in->chip) {
        text_add(out, in->chip);
        text_add(out, " ");
    }
    bool stores = in->survey.kind == IMAGE_UNKNOWN && in->storage.found;
    text_add(out, stores           ? "storage dump"
                  : in->text_found ? text_words[in->text.source]
                                   : image_kind_words(in->survey.kind));
    text_add(out, ", ");
    inspection_size_words(in->size, out);
    add_device(in, out);
}
