#include <float.h>
#include <math.h>

#include "VectorKernels.h"
#include "dispatch.h"

// The part of a window inside the image: positions first ..< last along one axis (pools have no dilation).
typedef struct {
  ptrdiff_t start, first, last;
} span_of_window;

INLINED span_of_window clip(ptrdiff_t output, ptrdiff_t stride, ptrdiff_t padding, ptrdiff_t window, ptrdiff_t input) {
  span_of_window s;
  s.start = output * stride - padding;
  s.first = s.start < 0 ? -s.start : 0;
  s.last = input - s.start < window ? input - s.start : window;
  return s;
}

DISPATCHED(vk_max_pool,
           (const vk_window *w, const float *restrict input, float *restrict output, uint8_t *restrict choices,
            ptrdiff_t images),
           (w, input, output, choices, images)) {
  ptrdiff_t channels = w->channels;
  for (ptrdiff_t n = 0; n < images; n++, input += w->inputHeight * w->inputWidth * channels)
    for (ptrdiff_t oy = 0; oy < w->outputHeight; oy++) {
      span_of_window rows = clip(oy, w->strideHeight, w->paddingTop, w->windowHeight, w->inputHeight);
      for (ptrdiff_t ox = 0; ox < w->outputWidth; ox++, output += channels, choices += channels) {
        span_of_window columns = clip(ox, w->strideWidth, w->paddingLeft, w->windowWidth, w->inputWidth);
        for (ptrdiff_t c = 0; c < channels; c++) {
          output[c] = -INFINITY;
          choices[c] = (uint8_t)(rows.first * w->windowWidth + columns.first);
        }
        for (ptrdiff_t ky = rows.first; ky < rows.last; ky++)
          for (ptrdiff_t kx = columns.first; kx < columns.last; kx++) {
            const float *x = input + ((rows.start + ky) * w->inputWidth + columns.start + kx) * channels;
            uint8_t place = (uint8_t)(ky * w->windowWidth + kx);
            for (ptrdiff_t c = 0; c < channels; c++) {
              // NaN must be propagated: the caller reports it, and the pool must not hide it.
              int wins = x[c] > output[c] || x[c] != x[c];
              output[c] = wins ? x[c] : output[c];
              choices[c] = wins ? place : choices[c];
            }
          }
      }
    }
}

DISPATCHED(vk_max_pool_backward,
           (const vk_window *w, const float *restrict outputGradient, const uint8_t *restrict choices, float *restrict
            inputGradient, ptrdiff_t images),
           (w, outputGradient, choices, inputGradient, images)) {
  ptrdiff_t channels = w->channels, imageSize = w->inputHeight * w->inputWidth * channels;
  for (ptrdiff_t i = 0; i < images * imageSize; i++) inputGradient[i] = 0;
  for (ptrdiff_t n = 0; n < images; n++, inputGradient += imageSize)
    for (ptrdiff_t oy = 0; oy < w->outputHeight; oy++) {
      span_of_window rows = clip(oy, w->strideHeight, w->paddingTop, w->windowHeight, w->inputHeight);
      for (ptrdiff_t ox = 0; ox < w->outputWidth; ox++, outputGradient += channels, choices += channels) {
        span_of_window columns = clip(ox, w->strideWidth, w->paddingLeft, w->windowWidth, w->inputWidth);
        for (ptrdiff_t ky = rows.first; ky < rows.last; ky++)
          for (ptrdiff_t kx = columns.first; kx < columns.last; kx++) {
            float *x = inputGradient + ((rows.start + ky) * w->inputWidth + columns.start + kx) * channels;
            uint8_t place = (uint8_t)(ky * w->windowWidth + kx);
            for (ptrdiff_t c = 0; c < channels; c++) x[c] += choices[c] == place ? outputGradient[c] : 0.0f;
          }
      }
    }
}

INLINED float average_weight(const vk_window *w, int countsPadding, span_of_window rows, span_of_window columns) {
  ptrdiff_t places =
      countsPadding ? w->windowHeight * w->windowWidth : (rows.last - rows.first) * (columns.last - columns.first);
  return 1.0f / (float)places;
}

DISPATCHED(vk_average_pool,
           (const vk_window *w, int countsPadding, const float *restrict input, float *restrict output, ptrdiff_t
            images),
           (w, countsPadding, input, output, images)) {
  ptrdiff_t channels = w->channels;
  for (ptrdiff_t n = 0; n < images; n++, input += w->inputHeight * w->inputWidth * channels)
    for (ptrdiff_t oy = 0; oy < w->outputHeight; oy++) {
      span_of_window rows = clip(oy, w->strideHeight, w->paddingTop, w->windowHeight, w->inputHeight);
      for (ptrdiff_t ox = 0; ox < w->outputWidth; ox++, output += channels) {
        span_of_window columns = clip(ox, w->strideWidth, w->paddingLeft, w->windowWidth, w->inputWidth);
        float weight = average_weight(w, countsPadding, rows, columns);
        for (ptrdiff_t c = 0; c < channels; c++) output[c] = 0;
        for (ptrdiff_t ky = rows.first; ky < rows.last; ky++)
          for (ptrdiff_t kx = columns.first; kx < columns.last; kx++) {
            const float *x = input + ((rows.start + ky) * w->inputWidth + columns.start + kx) * channels;
            for (ptrdiff_t c = 0; c < channels; c++) output[c] += x[c];
          }
        for (ptrdiff_t c = 0; c < channels; c++) output[c] *= weight;
      }
    }
}

DISPATCHED(vk_average_pool_backward,
           (const vk_window *w, int countsPadding, const float *restrict outputGradient, float *restrict inputGradient,
            ptrdiff_t images),
           (w, countsPadding, outputGradient, inputGradient, images)) {
  ptrdiff_t channels = w->channels, imageSize = w->inputHeight * w->inputWidth * channels;
  for (ptrdiff_t i = 0; i < images * imageSize; i++) inputGradient[i] = 0;
  for (ptrdiff_t n = 0; n < images; n++, inputGradient += imageSize)
    for (ptrdiff_t oy = 0; oy < w->outputHeight; oy++) {
      span_of_window rows = clip(oy, w->strideHeight, w->paddingTop, w->windowHeight, w->inputHeight);
      for (ptrdiff_t ox = 0; ox < w->outputWidth; ox++, outputGradient += channels) {
        span_of_window columns = clip(ox, w->strideWidth, w->paddingLeft, w->windowWidth, w->inputWidth);
        float weight = average_weight(w, countsPadding, rows, columns);
        for (ptrdiff_t ky = rows.first; ky < rows.last; ky++)
          for (ptrdiff_t kx = columns.first; kx < columns.last; kx++) {
            float *x = inputGradient + ((rows.start + ky) * w->inputWidth + columns.start + kx) * channels;
            for (ptrdiff_t c = 0; c < channels; c++) x[c] += weight * outputGradient[c];
          }
      }
    }
}

DISPATCHED(vk_global_average,
           (const float *restrict input, float *restrict output, ptrdiff_t images, ptrdiff_t pixels, ptrdiff_t
            channels),
           (input, output, images, pixels, channels)) {
  float weight = 1.0f / (float)pixels;
  for (ptrdiff_t n = 0; n < images; n++, output += channels) {
    for (ptrdiff_t c = 0; c < channels; c++) output[c] = 0;
    for (ptrdiff_t p = 0; p < pixels; p++, input += channels)
      for (ptrdiff_t c = 0; c < channels; c++) output[c] += input[c];
    for (ptrdiff_t c = 0; c < channels; c++) output[c] *= weight;
  }
}

DISPATCHED(vk_global_average_backward,
           (const float *restrict outputGradient, float *restrict inputGradient, ptrdiff_t images, ptrdiff_t pixels,
            ptrdiff_t channels),
           (outputGradient, inputGradient, images, pixels, channels)) {
  float weight = 1.0f / (float)pixels;
  for (ptrdiff_t n = 0; n < images; n++, outputGradient += channels)
    for (ptrdiff_t p = 0; p < pixels; p++, inputGradient += channels)
      for (ptrdiff_t c = 0; c < channels; c++) inputGradient[c] = weight * outputGradient[c];
}

DISPATCHED(vk_global_max,
           (const float *restrict input, float *restrict output, ptrdiff_t images, ptrdiff_t pixels, ptrdiff_t
            channels),
           (input, output, images, pixels, channels)) {
  for (ptrdiff_t n = 0; n < images; n++, output += channels) {
    for (ptrdiff_t c = 0; c < channels; c++) output[c] = -INFINITY;
    for (ptrdiff_t p = 0; p < pixels; p++, input += channels)
      for (ptrdiff_t c = 0; c < channels; c++) output[c] = input[c] > output[c] || input[c] != input[c] ? input[c] : output[c];
  }
}

void vk_global_max_backward(const float *input, const float *output, const float *outputGradient, float *inputGradient,
                            ptrdiff_t images, ptrdiff_t pixels, ptrdiff_t channels) {
  for (ptrdiff_t n = 0; n < images; n++, output += channels, outputGradient += channels)
    for (ptrdiff_t c = 0; c < channels; c++) {
      const float *x = input + n * pixels * channels + c;
      float *g = inputGradient + n * pixels * channels + c;
      float rest = outputGradient[c];
      for (ptrdiff_t p = 0; p < pixels; p++) {
        int wins = x[p * channels] == output[c];
        g[p * channels] = wins ? rest : 0.0f;
        if (wins) rest = 0;
      }
    }
}
