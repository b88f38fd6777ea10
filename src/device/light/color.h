/* Colour arithmetic: HSV, white from a temperature, gamma. Components are 0 … 255. */
#ifndef DEVICE_COLOR_H
#define DEVICE_COLOR_H

/* hue 0 … 360, saturation and value 0 … 1. */
void color_to_hsv(const float rgb[3], float *hue, float *saturation, float *value);
void color_from_hsv(float hue, float saturation, float value, float rgb[3]);
/* Cold and warm component of a temperature in mireds: the larger share is full. */
void color_from_temperature(float mireds, float low, float high, float gamma, float *cold,
                            float *warm);
#endif
