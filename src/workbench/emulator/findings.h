/* What a run on the virtual board says about the wiring of the plug: pins seen in mode words and
 * PWM registers, inputs that moved outputs when they were pressed, frames on UART1. Every pin
 * carries its evidence in words and how sure it is. */
#ifndef WORKBENCH_EMULATOR_FINDINGS_H
#define WORKBENCH_EMULATOR_FINDINGS_H
#include "workbench/emulator/soc_client.h"
#include "workbench/emulator/two_wires.h"
#include "workbench/emulator/uart1_peer.h"

enum { FINDING_PINS = 40, FINDING_EVIDENCE = 96 };

enum finding_kind {
    FINDING_UNUSED,
    FINDING_OUTPUT, /* driven; a relay or an LED */
    FINDING_RELAY,
    FINDING_LED,
    FINDING_BUTTON,
    FINDING_PULSES, /* an input whose edges are counted: a meter */
    FINDING_CF,     /* of these, the one whose count is energy */
    FINDING_CF1,    /* and the one that tells voltage and current in turn */
    FINDING_SELECT, /* an output that switches such a meter between its quantities */
    FINDING_INPUT,  /* a sensor, or pulled, but nothing happened */
    FINDING_PWM,
    FINDING_LED_DATA, /* two-wire bus of an LED driver chip */
    FINDING_LED_CLOCK,
    FINDING_ENABLE, /* an output that goes on with the light */
    FINDING_SERIAL, /* second function of another kind */
};

struct finding_pin {
    enum finding_kind kind;
    int confidence; /* per cent */
    int color;      /* PWM of a light: 0 to 4 for red, green, blue, cold, warm; -1: not known */
    int active;     /* level that means "on" or "pressed": 0, 1, or -1 */
    char evidence[FINDING_EVIDENCE];
};

/* What the firmware was talking about when it first set a pin up as an output. */
enum finding_hint { HINT_NONE, HINT_RELAY, HINT_LED };

struct findings {
    struct finding_pin pin[FINDING_PINS];
    uint32_t word[FINDING_PINS];
    uint8_t level[FINDING_PINS];
    uint32_t moves[FINDING_PINS]; /* changes of the output level before rest */
    uint64_t first_move_us[FINDING_PINS], last_move_us[FINDING_PINS];
    uint64_t set_up_us[FINDING_PINS]; /* when it first became an output; 0: never */
    uint64_t input_us[FINDING_PINS];  /* when it last became an input with pull; 0: never */
    bool idle[FINDING_PINS];          /* level that setting it up left */
    enum finding_hint hint[FINDING_PINS];
    enum finding_hint talk; /* of the log line at talk_us */
    uint64_t talk_us;
    uint32_t pwm_period[6], pwm_duty[6]; /* 26 MHz counts; period 0: never ran */
    uint64_t lit_us;                     /* when a duty first was neither none nor all; 0: never */
    int pad_order[FINDING_PINS];         /* the how manyth to become a PWM pad; 0: never */
    int pads;
    bool light;               /* the log speaks of a light */
    struct two_wires wires;   /* before rest */
    struct two_wires_bus bus; /* concluded */
    int pressed;              /* pin of the experiment going on, FINDING_PINS: none; or -1 */
    uint64_t moved_by_press[FINDING_PINS + 1]; /* bit mask: outputs that pin's press moved */
    uint64_t stayed[FINDING_PINS + 1];         /* of these, the ones that did not go back */
    int held;                                  /* button of the trial going on, or -1 */
    struct {
        int by; /* the button held; -1: it did not */
        uint32_t gap_us, held_us;
    } blinks[FINDING_PINS];
    uint64_t tried;         /* inputs that were pressed */
    uint64_t held_pins;     /* buttons that were held */
    uint64_t counted, kept; /* inputs whose pulses have a counter; and none of them gets lost */
    uint64_t named;         /* inputs whose press the log told by number */
    int tuya_frames;        /* "55 AA" frames sent on UART1 */
    struct uart1 uart1;
    int log_lines;
    uint64_t text_us; /* when configuration text first appeared; 0: never */
};

void findings_start(struct findings *f);
/* Takes every record of a run, in order. */
void findings_take(struct findings *f, const struct soc_record *record);
/* After the last record: decides what each pin is. */
void findings_conclude(struct findings *f);
/* After the last press: which buttons to hold, as the emulator's command. False when nothing can
 * come of it: no button, or no output that may be an LED, or one is known to be. `anyway` holds
 * them also then, but not twice. */
bool findings_hold(const struct findings *f, bool anyway, char *command, size_t size);
const char *finding_kind_text(enum finding_kind kind);
#endif
