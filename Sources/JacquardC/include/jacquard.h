/*
 * jacquard.h - Jacquard, a convolutional network engine, for C and for languages that can call C.
 *
 * Make a model by name or from JSON, or load it. Train it on your own buffers, evaluate it, predict with it, and save it.
 * Plain C11; usable from C++.
 *
 *     jacquard_model *model = NULL;
 *     if (jacquard_model_load("runs/first", &model) != JACQUARD_OK) {
 *         fprintf(stderr, "%s\n", jacquard_error_message());
 *         return 1;
 *     }
 *     float probabilities[10];
 *     jacquard_samples image = {.bytes = pixels, .pixel_count = 28 * 28};
 *     jacquard_predict(model, &image, 1, probabilities, 10);
 *     jacquard_model_free(model);
 *
 * Errors. Most functions return a jacquard_status; JACQUARD_OK is 0. A call that fails records a code and a message for
 * its thread; see jacquard_error_message. A wrong argument is such an error and never ends the process, except for what
 * C cannot detect: an invalid pointer, a freed handle, a count larger than its buffer. On failure, functions that return
 * a number or a pointer return 0 or NULL.
 *
 * Threads. Any thread may use a handle. Any number of threads may predict, evaluate, save and read sizes of one model at
 * the same time. A call that changes a model - a training step, jacquard_model_load_weights - waits for those calls to
 * end and makes later ones wait, so each of them sees the model before a step or after it, never in between. While a
 * callback runs, the model is not locked: the callback may predict with it, evaluate it and save it. A trainer serves one
 * call at a time: a second call, also one from its own callback, returns JACQUARD_BUSY. No call may use a handle while it
 * is being freed or afterwards. After a fork, the child must not use handles that were made before it.
 *
 * Stack. A call needs 128 KiB of stack, of which OpenBLAS takes 60 KiB in every thread for its thread-local memory. This is
 * enough for every model: functions that read, write or compile one do so on a separate thread, or on the caller's thread if
 * the system refuses another. A callback needs additional stack.
 *
 * Same bits. The same model, samples, settings and seed give the same bits on any number of threads, on the same kind of
 * processor with the same build of OpenBLAS.
 *
 * OpenBLAS. The first model that is made or loaded prepares the process's OpenBLAS, which the program may share. From then
 * on, OpenBLAS computes on the calling thread only (openblas_set_num_threads(1)), because this library has its own threads.
 * If OpenBLAS has picked kernels that the processor cannot run, or kernels that are too slow for it, as an older OpenBLAS
 * does on a newer processor, it chooses again. Meanwhile no other thread may compute with OpenBLAS, or read or change the
 * environment: make the first model before such threads start. Later products differ from earlier ones in the last bits. To
 * prevent the choice, set OPENBLAS_CORETYPE before the program starts; its value is kept unless the processor cannot run
 * those kernels. Then products are tested for a few milliseconds; if the BLAS computes wrong results, the call fails with
 * JACQUARD_BAD_BLAS. Other builds and other libraries under OpenBLAS's name work too: a build without locks computes one
 * product at a time; for one with OpenMP, the calling thread's limit is 1 during each product and is restored afterwards.
 *
 * Images are stored row by row, with the channels of a pixel side by side: [image][row][column][channel].
 */
#ifndef JACQUARD_H
#define JACQUARD_H

#include <stddef.h> /* size_t */
#include <stdint.h> /* int32_t, int64_t, uint8_t, uint64_t */

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Version ---- */

/* The version of this header, by semantic versioning. */
#define JACQUARD_VERSION "0.1.0"

/* The number of this binary interface. It is increased when programs compiled earlier can no longer run with a newer
 * library; the shared library is called libjacquard.so.N after it. */
#define JACQUARD_ABI 1

/* The version of the loaded library: JACQUARD_VERSION when it was built. Never NULL; must not be freed. */
const char *jacquard_version(void);

/* The binary interface of the loaded library. Programs that load it at run time should compare it with JACQUARD_ABI. */
int32_t jacquard_abi(void);

/* ---- Errors ---- */

/* The result of a call. */
typedef enum jacquard_status {
    JACQUARD_OK = 0,            /* Done. */
    JACQUARD_DONE = 1,          /* No error: the training is over; there is no step left. */
    JACQUARD_STOPPED = 2,       /* No error: the callback stopped the training; the next call continues it. */
    JACQUARD_BAD_ARGUMENT = 3,  /* An argument is NULL or out of range, a count does not match, or a label is not a class. */
    JACQUARD_BAD_MODEL = 4,     /* No model has this name, or the JSON is not a model. */
    JACQUARD_NO_FILE = 5,       /* A file is missing, or cannot be opened or read. */
    JACQUARD_BAD_FILE = 6,      /* A file is damaged, has another format, or belongs to another model. */
    JACQUARD_CANNOT_WRITE = 7,  /* A file cannot be created or written; an existing one is unchanged. */
    JACQUARD_BUSY = 8,          /* The trainer is in use by another call. */
    JACQUARD_NOT_FINITE = 9,    /* A loss, gradient or answer is infinite or NaN. */
    JACQUARD_INTERNAL = 10,     /* A bug; please report it. */
    JACQUARD_BAD_BLAS = 11,     /* The process's BLAS computes wrong results, or lacks instructions or memory (ulimit -v). */
    JACQUARD_NO_THREADS = 12    /* The system refuses the requested threads; with 0, fewer may be used instead. */
} jacquard_status;

/* The code of this thread's last error; JACQUARD_OK before the first one. Successful calls do not change it. */
jacquard_status jacquard_error_code(void);

/* This thread's last error as one line of UTF-8: what, where, expected, found. Empty before the first error; never NULL.
 * Valid until the thread's next error or its end. */
const char *jacquard_error_message(void);

/* ---- Models ---- */

/* A model with its weights: layers, parameters, running statistics, class names, preprocessing. */
typedef struct jacquard_model jacquard_model;

/* Makes a model with new weights.
 *   name_or_json  "lenet", "air-tiny", "cnn", "vgg", "air", "mobilenet" or "resnet18", for 28x28x1 pixels and ten
 *                 classes; or a name with the height, width and channels of other images, and the number of classes, such as
 *                 "resnet18:224x224x3:1000"; or a model's JSON as in a file for `jacquard train`, which begins with '{'.
 *   seed          determines the weights: the same seed gives the same weights.
 *   model         receives the handle, which the caller frees; NULL if the call fails.
 * Fails with JACQUARD_BAD_MODEL and JACQUARD_BAD_BLAS. */
jacquard_status jacquard_model_create(const char *name_or_json, uint64_t seed, jacquard_model **model);

/* Loads a model with its weights.
 *   path   a .safetensors file written by Jacquard, or a run folder of `jacquard train`, whose last weights are used.
 *   model  receives the handle, which the caller frees; NULL if the call fails.
 * Fails with JACQUARD_NO_FILE, JACQUARD_BAD_FILE and JACQUARD_BAD_BLAS. */
jacquard_status jacquard_model_load(const char *path, jacquard_model **model);

/* Loads weights into an existing model, such as a state that PyTorch saved with safetensors.
 *   model  the model whose weights are replaced; they stay unchanged if the call fails.
 *   path   as above; the file need not name its model, but must contain exactly the model's tensors.
 * Fails with JACQUARD_NO_FILE and JACQUARD_BAD_FILE. */
jacquard_status jacquard_model_load_weights(jacquard_model *model, const char *path);

/* Saves a model with its weights as a .safetensors file, with PyTorch's names and layouts.
 *   path  replaced atomically: at any time it is the old file or the new one.
 * Fails with JACQUARD_CANNOT_WRITE. */
jacquard_status jacquard_model_save(const jacquard_model *model, const char *path);

/* Frees a model; NULL has no effect. Models and their trainers may be freed in any order. */
void jacquard_model_free(jacquard_model *model);

/* The number of trainable parameters; 0 and an error for NULL. */
size_t jacquard_model_parameter_count(const jacquard_model *model);

/* The number of classes, which is the length of one answer; 0 and an error for NULL. */
size_t jacquard_model_class_count(const jacquard_model *model);

/* The name of a class, in UTF-8; NULL and an error unless `index` is below the class count. Valid until the model is freed. */
const char *jacquard_model_class_name(const jacquard_model *model, size_t index);

/* The shape of one image.
 *   shape  receives height, width and channels; 1, 1 and the number of features for a model of vectors. */
jacquard_status jacquard_model_input_shape(const jacquard_model *model, size_t shape[3]);

/* ---- Tensors ---- */

/* A tensor in a model's memory. */
typedef struct jacquard_tensor {
    const char *name;      /* The name in files, such as "conv1.weight". UTF-8. */
    const float *values;   /* The model's own numbers, row-major, not a copy; do not write to them. */
    size_t count;          /* Their number: the product of the shape. */
    size_t rank;           /* The number of dimensions: 1, 2 or 4. */
    size_t shape[4];       /* Convolutions: kernel height, kernel width, inputs, outputs. Dense layers: inputs, outputs,
                            * with the inputs of a flattened image in the order of its pixels. Unused ones are 0. */
    int32_t is_parameter;  /* 1 for trainable parameters, 0 for running statistics. */
} jacquard_tensor;

/* The number of a model's tensors; 0 and an error for NULL. */
size_t jacquard_model_tensor_count(const jacquard_model *model);

/* Describes a tensor.
 *   index   below the tensor count; parameters come first, then running statistics, in the order of the layers.
 *   tensor  receives the description. The name and the address stay valid until the model is freed. The numbers change
 *           with every training step and load; reading them meanwhile from another thread gives a mixture. */
jacquard_status jacquard_model_tensor(const jacquard_model *model, size_t index, jacquard_tensor *tensor);

/* ---- Samples ---- */

/* Images, and their classes if needed, in the caller's memory. Initialize it to zero. */
typedef struct jacquard_samples {
    const uint8_t *bytes;   /* Either pixels from 0 to 255, which the model's preprocessing converts; */
    const float *numbers;   /* or finite numbers, already converted. The other pointer is NULL. */
    size_t pixel_count;     /* The number of elements: images × height × width × channels. */
    const int32_t *labels;  /* The class of each image, from 0; NULL if labels are not needed. */
    size_t label_count;     /* The number of labels: one per image, or 0. */
} jacquard_samples;

/* ---- Prediction and evaluation ---- */

/* Computes the probability of each class for each image.
 *   samples            one image or more; labels are ignored.
 *   threads            the number of threads: 1 is the calling thread alone; 0 is one per processor.
 *   probabilities      receives [image][class]; each row has the sum 1.
 *   probability_count  the size of the buffer; must be images × classes.
 * The model keeps the memory of a call for the next one. Fails with JACQUARD_NOT_FINITE if an answer is not finite,
 * because a weight is not or a pixel is far too large; ignore the rows of such images. */
jacquard_status jacquard_predict(const jacquard_model *model, const jacquard_samples *samples, int32_t threads,
                                 float *probabilities, size_t probability_count);

/* The same without softmax: the outputs of the last layer, [image][class], divided by the temperature of the weights file
 * if it has one. */
jacquard_status jacquard_predict_logits(const jacquard_model *model, const jacquard_samples *samples, int32_t threads,
                                        float *logits, size_t logit_count);

/* The quality of a model's answers. */
typedef struct jacquard_evaluation {
    int64_t count;    /* Images. */
    int64_t correct;  /* Images whose most probable class is the right one. */
    double loss;      /* Mean cross-entropy. */
    double accuracy;  /* correct / count. */
    double top3;      /* The fraction of images whose class is among the three most probable. */
} jacquard_evaluation;

/* Evaluates a model on images with labels; `threads` as for jacquard_predict. */
jacquard_status jacquard_evaluate(const jacquard_model *model, const jacquard_samples *samples, int32_t threads,
                                  jacquard_evaluation *evaluation);

/* ---- Training ---- */

/* How gradients change parameters. */
typedef enum jacquard_optimizer {
    JACQUARD_SGD = 0,   /* Gradient descent, with momentum if it is not 0. */
    JACQUARD_ADAM = 1,  /* Adam; its weight decay is part of the gradient. */
    JACQUARD_ADAMW = 2, /* Adam with decoupled weight decay. */
    JACQUARD_LION = 3,  /* The sign of a momentum, with decoupled weight decay. */
    JACQUARD_MUON = 4   /* Orthonormal steps for filters, momentum for the rest; decoupled weight decay of filters. */
} jacquard_optimizer;

/* How the learning rate changes during a training. */
typedef enum jacquard_schedule {
    JACQUARD_CONSTANT = 0,  /* The same throughout. */
    JACQUARD_STEPWISE = 1,  /* A tenth after each third. */
    JACQUARD_COSINE = 2,    /* Half a cosine down to 0. */
    JACQUARD_ONECYCLE = 3,  /* Up over the first 30 %, then down to almost 0. */
    JACQUARD_LINEAR = 4     /* A straight line down to 0. */
} jacquard_schedule;

/* What a training minimizes. */
typedef enum jacquard_loss {
    JACQUARD_CROSS_ENTROPY = 0, /* Cross-entropy, with label_smoothing. */
    JACQUARD_FOCAL = 1          /* The focal loss with the exponent focal_gamma. */
} jacquard_loss;

/* How a training averages the weights of its steps. */
typedef enum jacquard_average {
    JACQUARD_NO_AVERAGE = 0, /* Not at all. */
    JACQUARD_EMA = 1,        /* A moving average that keeps the fraction ema_decay of itself in each step. */
    JACQUARD_SWA = 2         /* The mean of the steps after the fraction swa_share of all steps. */
} jacquard_average;

/* The settings of a training. Call jacquard_training_defaults first, then change what should differ. */
typedef struct jacquard_training {
    int32_t epochs;         /* Passes over the samples, 1 to 100000. (10) */
    int32_t batch_size;     /* Images per step, 1 to 65536. (128) */
    int32_t shards;         /* Parts of a batch that are computed separately, 1 to 64; determines the last bits. (8) */
    int32_t threads;        /* Threads, up to 256; 0 is one per processor. Does not affect the result. (0) */
    int32_t optimizer;      /* A jacquard_optimizer. (JACQUARD_ADAM) */
    int32_t schedule;       /* A jacquard_schedule; `jacquard train` uses a cosine. (JACQUARD_CONSTANT) */
    int32_t nesterov;       /* 1: gradient descent looks ahead; needs a momentum. (0) */
    int32_t shuffle;        /* 0: every epoch uses the given order of samples. (1) */
    int32_t loss;           /* A jacquard_loss. (JACQUARD_CROSS_ENTROPY) */
    int32_t average;        /* A jacquard_average; see jacquard_trainer_average. (JACQUARD_NO_AVERAGE) */
    int32_t lookahead;      /* Steps between two moves of slow weights, 1 to 100000; 0 for no slow weights. (0) */
    double learning_rate;   /* The highest rate, above 0 to 100. (0.001) */
    double momentum;        /* The fraction of the velocity that gradient descent keeps, 0 to below 1. (0) */
    double weight_decay;    /* 0 to 100; does not apply to biases and norms. (0) */
    double warmup_epochs;   /* Epochs of linear warm-up, 0 to 100000; may be a fraction. (0) */
    double label_smoothing; /* The weight of the uniform distribution in the target, 0 to below 1. (0) */
    double focal_gamma;     /* The exponent of JACQUARD_FOCAL, 0 to 10. (2) */
    double clip_norm;       /* The largest norm of the whole gradient, above 0 to 1000000000; 0 is no limit. (0) */
    double ema_decay;       /* The fraction of itself that JACQUARD_EMA keeps, 0 to below 1. (0.999) */
    double swa_share;       /* The fraction of the steps before JACQUARD_SWA begins, 0 to below 1. (0.75) */
    double lookahead_share; /* How far slow weights go towards the others, above 0 to 1. (0.5) */
    double hardest;         /* The share of the samples, by error, that epochs after the first train on, above 0 to 1. (1) */
    double prune;           /* The share of the weights, without biases and norms, that are zero at the end, 0 to 0.99. (0) */
    double prune_begin;     /* The share of the run's steps after which pruning begins, 0 to 1. (0.1) */
    double prune_end;       /* The share of the run's steps after which it is complete, 0 to 1, at least prune_begin. (0.75) */
    int64_t max_steps;      /* Ends the training, and the schedule, after this many steps; 0 is no limit. (0) */
    uint64_t seed;          /* Determines order and dropout. (1) */
} jacquard_training;

/* Fills in the values in parentheses above. */
jacquard_status jacquard_training_defaults(jacquard_training *training);

/* The progress of a training. */
typedef struct jacquard_progress {
    int64_t step;          /* Steps done since the trainer was made. */
    int64_t epoch;         /* The epoch, from 1. */
    int64_t total_steps;   /* Steps of the whole training; 0 if unknown. */
    int64_t images;        /* Images in loss and accuracy: those of the step or of the epoch. */
    double loss;           /* Their mean loss. */
    double accuracy;       /* The fraction of right answers, from 0 to 1. */
    double learning_rate;  /* The rate of the last step. */
    int32_t ends_epoch;    /* 1: the whole epoch; 0: one step. */
} jacquard_progress;

/* Called after each step and each epoch, on the thread that called the library. Returns 0 to continue, anything else to stop.
 *   progress  valid during the call.
 *   context   the pointer that was passed to the library.
 * It must return: it must not exit by longjmp or a C++ exception. */
typedef int32_t (*jacquard_callback)(const jacquard_progress *progress, void *context);

/* The training of a model: settings, optimizer state and progress. */
typedef struct jacquard_trainer jacquard_trainer;

/* Makes a trainer.
 *   model     the model to train. Several trainers may share it; their steps take turns.
 *   training  the settings; NULL for the defaults.
 *   samples   the training samples, with labels. Pixels are not copied and must stay valid and unchanged until the trainer
 *             is freed; labels are checked and copied. NULL: the caller provides the batch of each step, see
 *             jacquard_trainer_step; then epochs and shuffle are ignored, warmup_epochs must be 0, hardest 1, a
 *             schedule other than JACQUARD_CONSTANT and prune need max_steps, and average must be JACQUARD_NO_AVERAGE.
 *   trainer   receives the handle, which the caller frees; NULL if the call fails. */
jacquard_status jacquard_trainer_create(jacquard_model *model, const jacquard_training *training,
                                        const jacquard_samples *samples, jacquard_trainer **trainer);

/* Does one step.
 *   batch     NULL for a trainer with samples: the next batch of its epoch. Otherwise 1 to batch_size images with labels,
 *             which are not needed after the call.
 *   progress  receives the result of the step, with ends_epoch 0; may be NULL.
 * Returns JACQUARD_DONE if the training is over. Fails with JACQUARD_NOT_FINITE if the loss or a gradient is not finite;
 * the message says where this first appears. Such a step changes nothing; the next call tries again, with its own
 * batch. */
jacquard_status jacquard_trainer_step(jacquard_trainer *trainer, const jacquard_samples *batch,
                                      jacquard_progress *progress);

/* Trains to the end of the current epoch; for a trainer with samples.
 *   callback  called after each step and at the end of the epoch; may be NULL.
 *   context   passed to the callback.
 *   progress  receives the result of the epoch, with ends_epoch 1; may be NULL. Unchanged unless JACQUARD_OK is returned.
 * Returns JACQUARD_STOPPED if the callback stopped it, JACQUARD_DONE if the training is over, otherwise as above. */
jacquard_status jacquard_trainer_epoch(jacquard_trainer *trainer, jacquard_callback callback, void *context,
                                       jacquard_progress *progress);

/* Trains to the end of the last epoch; for a trainer with samples. As above; returns JACQUARD_OK when the training is over. */
jacquard_status jacquard_trainer_run(jacquard_trainer *trainer, jacquard_callback callback, void *context);

/* Makes a model of the averaged weights, as they are now; before the average begins, of the weights themselves. The statistics of
 * batch norms are computed again from training samples.
 *   model  receives the handle, which the caller frees; NULL if the call fails. Later steps do not change it.
 * Fails with JACQUARD_BAD_ARGUMENT for a trainer whose average is JACQUARD_NO_AVERAGE. */
jacquard_status jacquard_trainer_average(jacquard_trainer *trainer, jacquard_model **model);

/* Frees a trainer; NULL has no effect. Its model stays, with the weights it has learned. */
void jacquard_trainer_free(jacquard_trainer *trainer);

#ifdef __cplusplus
}
#endif

#endif
