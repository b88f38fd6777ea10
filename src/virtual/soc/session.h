/* One run of the board as asked for on the command line: how long, what is wired to it, what to
 * try when it has come to rest. */
#ifndef VIRTUAL_SOC_SESSION_H
#define VIRTUAL_SOC_SESSION_H
#include "virtual/soc/board.h"
#include "virtual/soc/mcu.h"

enum { SESSION_SAVE_FD = 3, SESSION_STIMULI = 64, SESSION_LINE = 3000, SESSION_TEXTS = 64 };

/* A level put on a pin for a while; `period_us` not 0: a pulse train of that period instead. */
struct stimulus {
    uint64_t at_us, length_us, period_us;
    int pin;
    bool on;
    int rest_level; /* what the pin read before */
};

struct session {
    const struct soc_chip *chip; /* NULL: as recognised */
    uint64_t for_us;
    uint32_t ticks_per_us;
    const char *until;
    uint64_t enough_us; /* stop so long after the last new piece of configuration; 0: never */
    uint64_t told_us;   /* when that was; 0: nothing yet */
    bool events, experiment, save, memory;
    bool trials;         /* at rest, standard input says what else to try: hold.c */
    int processors;      /* copies that may run at once */
    struct hold *hold;   /* the trial going on, or NULL */
    bool raw_uart1;      /* its bytes are told as they are, also where they are text */
    bool control;        /* led by commands on standard input: control.c */
    uint64_t image_size; /* bytes of the image on standard input; 0: all there are */
    struct stimulus stimuli[SESSION_STIMULI];
    int stimulus_count;

    struct mcu mcu;  /* beside UART1, when it has a product id */
    bool start_over; /* the microcontroller is another from now on */
    struct board *board;
    uint8_t line[SOC_UARTS][SESSION_LINE]; /* text being collected */
    int line_length[SOC_UARTS];
    uint64_t line_us[SOC_UARTS];
    uint8_t received[SOC_UARTS][SESSION_LINE]; /* and bytes that came in */
    int received_length[SOC_UARTS];
    uint64_t received_us[SOC_UARTS], received_last_us[SOC_UARTS];
    uint64_t text_hashes[SESSION_TEXTS]; /* configuration texts already told */
    int text_count;
    uint32_t rest_words[SOC_PINS];
    const char *ended; /* why it stops before its time, or NULL */
    bool quiet;        /* inside an experiment: only what moves is told */
};

/* Fills *s from argv; false after one line on stderr. */
bool session_options(struct session *s, int argc, char **argv);
/* Hooks the session's observers into the board, before board_start. */
void session_watch(struct session *s, struct board *b);
enum status session_run(struct session *s, struct board *b);

/* Reports what a UART has sent and was not reported yet. */
void session_flush(struct session *s, int uart);

/* control.c */
enum status session_control(struct session *s);
/* memory.c: looks for configuration text in guest RAM and reports what is new. */
void session_scan_memory(struct session *s);
/* Is this a piece of a pin configuration, as stock firmware logs or holds it? Then `told_us` is
 * now. */
void session_weigh_text(struct session *s, const uint8_t *text, size_t size);
/* experiment.c: at rest, tries every input in a copy of the process and reports what moves. */
void session_experiment(struct session *s);
/* hold.c: holds buttons as standard input asks for ("hold 7 8"), until it says something else or
 * ends; what pins and PWM channels do meanwhile. */
void session_holds(struct session *s);
void hold_pin(struct hold *hold, uint64_t us, int pin, uint32_t word);
void hold_pwm(struct hold *hold, uint64_t us, int channel, uint32_t duty);
/* pulses.c: reports whether and how the firmware counts pulses on an input; changes the board. */
void pulses_try(struct session *s, int pin);
/* stimulus.c */
bool stimulus_parse(struct session *s, const char *text);
void stimulus_start(struct session *s);
void stimulus_due(struct session *s);
#endif
