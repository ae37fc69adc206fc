/*
 * jacquard.h - Jacquard, a convolutional network engine, for C and for everything that speaks with C.
 *
 * A model is made by name or from JSON, or loaded; it is trained on buffers that stay the caller's, evaluated, asked for
 * predictions, and saved. Plain C11; usable from C++.
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
 * Errors. Most functions return a jacquard_status: JACQUARD_OK is 0. A call that fails leaves a code and a
 * message behind, for its own thread; see jacquard_error_message. A wrong argument is such an error and never ends
 * the process, but for what C cannot tell: a pointer that leads nowhere, a handle that was freed, a count above the size
 * of its buffer. The functions that return a number or a pointer instead return 0 or NULL then.
 *
 * Threads. Handles may be used by any thread. Any number of threads may predict, evaluate, save and read sizes of one
 * model at the same time. What changes a model - a training step, jacquard_model_load_weights - waits until those calls
 * are over and lets the next ones wait for it, so each of them sees the model before a step or after it, never between.
 * While a callback runs, the model is free: the callback may predict with it, evaluate it and save it. A trainer does
 * one thing at a time: a second call on it meanwhile, from its own callback too, returns JACQUARD_BUSY. Nothing else may
 * use a handle while it is freed or after that. After a fork, the child must not use handles made before it.
 *
 * Stack. A call needs 128 KiB of stack, of which OpenBLAS takes 60 KiB in every thread for its thread-local memory. That holds
 * for every model: the functions that read, write or compile one do that on a thread of the library's own, and on the caller's
 * only where the system refuses one. A callback runs on top of that.
 *
 * Same bits. The same model, samples, settings and seed give the same bits on any number of threads, on the same kind of
 * processor with the same build of OpenBLAS.
 *
 * OpenBLAS. The first model that is made or loaded prepares the OpenBLAS of the process, which a program that uses OpenBLAS
 * itself shares. It computes on the calling thread only from then on (openblas_set_num_threads(1)): this library has threads of
 * its own. And where OpenBLAS has picked kernels that are too slow for the processor, as an older OpenBLAS does on a newer
 * processor, or that it cannot run, OpenBLAS chooses again. While it does, no other thread may compute with OpenBLAS, nor read
 * or change the environment: make the first model before such threads start. Products that are computed later have other last
 * bits than before. A program that does not want this sets OPENBLAS_CORETYPE before it starts; what that names stays, unless
 * the processor cannot run it. Then products are tried out for a few milliseconds; a BLAS that computes wrong makes the call
 * fail with JACQUARD_BAD_BLAS. Other builds and libraries under OpenBLAS's name work too: of a build without locks, one
 * product is computed at a time; of one with OpenMP, the calling thread's limit is 1 during each product, and as before after it.
 *
 * Images lie row by row, with the channels of a pixel side by side: [image][row][column][channel].
 */
#ifndef JACQUARD_H
#define JACQUARD_H

#include <stddef.h> /* size_t */
#include <stdint.h> /* int32_t, int64_t, uint8_t, uint64_t */

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Version ---- */

/* The version of this header, as semantic versioning numbers it. */
#define JACQUARD_VERSION "0.1.0"

/* The number of this binary interface. It grows when a program that was compiled before could no longer run with a newer
 * library; the shared library is called libjacquard.so.N after it. */
#define JACQUARD_ABI 1

/* The version of the library that is loaded: what JACQUARD_VERSION was when it was built. Never NULL, never freed. */
const char *jacquard_version(void);

/* The binary interface of the library that is loaded. To be compared with JACQUARD_ABI by who loads it at run time. */
int32_t jacquard_abi(void);

/* ---- Errors ---- */

/* What a call came to. */
typedef enum jacquard_status {
    JACQUARD_OK = 0,            /* Done. */
    JACQUARD_DONE = 1,          /* No error: the training is over, there was no step left to do. */
    JACQUARD_STOPPED = 2,       /* No error: the callback ended the training; the next call goes on with it. */
    JACQUARD_BAD_ARGUMENT = 3,  /* An argument is NULL or out of range, a count does not fit, a label is no class. */
    JACQUARD_BAD_MODEL = 4,     /* There is no model of this name, or the JSON is no model. */
    JACQUARD_NO_FILE = 5,       /* A file is not there, or cannot be opened or read. */
    JACQUARD_BAD_FILE = 6,      /* A file is damaged, of another format, or of another model. */
    JACQUARD_CANNOT_WRITE = 7,  /* A file cannot be created or written; what was there before is still there. */
    JACQUARD_BUSY = 8,          /* The trainer is in another call. */
    JACQUARD_NOT_FINITE = 9,    /* A loss, gradient or answer came out infinite or as no number. */
    JACQUARD_INTERNAL = 10,     /* Something that should not happen; please report it. */
    JACQUARD_BAD_BLAS = 11,     /* The BLAS of this process computes wrong, or lacks instructions or memory here (ulimit -v). */
    JACQUARD_NO_THREADS = 12    /* The system refuses the threads that were asked for; with 0 there may be fewer instead. */
} jacquard_status;

/* The code of this thread's last error, JACQUARD_OK before the first. Calls that succeed leave it as it is. */
jacquard_status jacquard_error_code(void);

/* This thread's last error in one line of UTF-8: what, where, expected, found. Empty before the first error, never NULL.
 * Valid until the thread's next error or its end. */
const char *jacquard_error_message(void);

/* ---- Models ---- */

/* A model with its numbers: layers, parameters, running statistics, class names, preprocessing. */
typedef struct jacquard_model jacquard_model;

/* Makes a model with new weights.
 *   name_or_json  "lenet", "cnn" or "vgg", or a model's JSON, as `jacquard train` takes it in a file: it begins with '{'.
 *   seed          decides the weights: the same seed gives the same ones.
 *   model         receives the handle, to be freed; NULL when the call fails.
 * Fails with JACQUARD_BAD_MODEL and JACQUARD_BAD_BLAS. */
jacquard_status jacquard_model_create(const char *name_or_json, uint64_t seed, jacquard_model **model);

/* Loads a model with its weights.
 *   path   a .safetensors file that Jacquard wrote, or a run folder of `jacquard train`, for its last weights.
 *   model  receives the handle, to be freed; NULL when the call fails.
 * Fails with JACQUARD_NO_FILE, JACQUARD_BAD_FILE and JACQUARD_BAD_BLAS. */
jacquard_status jacquard_model_load(const char *path, jacquard_model **model);

/* Loads weights into a model that is there already, such as a state that PyTorch saved with safetensors.
 *   model  whose numbers are replaced, all of them, or none when the call fails.
 *   path   as above; the file need not say what it is for, but must hold every tensor of the model and no other.
 * Fails with JACQUARD_NO_FILE and JACQUARD_BAD_FILE. */
jacquard_status jacquard_model_load_weights(jacquard_model *model, const char *path);

/* Saves a model with its weights as a .safetensors file, with PyTorch's names and layouts.
 *   path  replaced as a whole: at any time there is the old file or the new one.
 * Fails with JACQUARD_CANNOT_WRITE. */
jacquard_status jacquard_model_save(const jacquard_model *model, const char *path);

/* Frees a model; NULL is left alone. Trainers of the model keep what they need of it: the order of freeing is free. */
void jacquard_model_free(jacquard_model *model);

/* How many numbers training changes; 0 and an error for NULL. */
size_t jacquard_model_parameter_count(const jacquard_model *model);

/* How many classes the model tells apart, the length of one answer; 0 and an error for NULL. */
size_t jacquard_model_class_count(const jacquard_model *model);

/* The name of a class, in UTF-8; NULL and an error unless `index` is below the class count. Valid until the model is freed. */
const char *jacquard_model_class_name(const jacquard_model *model, size_t index);

/* What one image must be.
 *   shape  receives height, width and channels; 1, 1 and the number of features for a model of vectors. */
jacquard_status jacquard_model_input_shape(const jacquard_model *model, size_t shape[3]);

/* ---- Tensors ---- */

/* A tensor of a model, where the model keeps it. */
typedef struct jacquard_tensor {
    const char *name;      /* As in files: "conv1.weight". UTF-8. */
    const float *values;   /* The numbers themselves, row-major; not a copy. Not to be written to. */
    size_t count;          /* How many there are: the product of the shape. */
    size_t rank;           /* Dimensions: 1, 2 or 4. */
    size_t shape[4];       /* Convolutions: kernel height, kernel width, inputs, outputs. Dense layers: inputs, outputs,
                            * where a flattened image's inputs come in the order of its pixels. Unused ones are 0. */
    int32_t is_parameter;  /* 1 when training changes it by its gradient, 0 for running statistics. */
} jacquard_tensor;

/* How many tensors a model has; 0 and an error for NULL. */
size_t jacquard_model_tensor_count(const jacquard_model *model);

/* Tells where a tensor is.
 *   index   below the tensor count; parameters come first, then running statistics, in the order of the layers.
 *   tensor  receives it. The name and the address stay valid until the model is freed. The numbers change with every
 *           training step and load; reading them while another thread does that gives a mixture. */
jacquard_status jacquard_model_tensor(const jacquard_model *model, size_t index, jacquard_tensor *tensor);

/* ---- Samples ---- */

/* Images, and their classes where they are known, in memory of the caller. All zero is a good start. */
typedef struct jacquard_samples {
    const uint8_t *bytes;   /* Either pixels from 0 to 255, which are prepared as the model says; */
    const float *numbers;   /* or finite numbers that are prepared already. The other pointer is NULL. */
    size_t pixel_count;     /* How many elements there are: images × height × width × channels. */
    const int32_t *labels;  /* The class of each image, from 0; NULL where none is asked for. */
    size_t label_count;     /* How many labels there are: as many as images, or 0. */
} jacquard_samples;

/* ---- Prediction and evaluation ---- */

/* Computes the probability of each class for each image.
 *   samples            one image or many; labels are not looked at.
 *   threads            how many threads compute: 1 is the calling thread alone; 0 is one for each processor.
 *   probabilities      receives [image][class], each row with the sum 1.
 *   probability_count  how many numbers there is room for; must be images × classes.
 * The model keeps the memory of a call for the next one. Fails with JACQUARD_NOT_FINITE when an answer is not finite,
 * because a weight is not or a pixel is far too large; the rows of such images are then of no use. */
jacquard_status jacquard_predict(const jacquard_model *model, const jacquard_samples *samples, int32_t threads,
                                 float *probabilities, size_t probability_count);

/* The same without the softmax: the numbers of the last layer, [image][class]. */
jacquard_status jacquard_predict_logits(const jacquard_model *model, const jacquard_samples *samples, int32_t threads,
                                        float *logits, size_t logit_count);

/* How good a model's answers are. */
typedef struct jacquard_evaluation {
    int64_t count;    /* Images. */
    int64_t correct;  /* Images whose likeliest class is the right one. */
    double loss;      /* Mean cross-entropy. */
    double accuracy;  /* correct / count. */
    double top3;      /* The share of images whose class is among the three likeliest. */
} jacquard_evaluation;

/* Evaluates a model on images with labels; `threads` as for jacquard_predict. */
jacquard_status jacquard_evaluate(const jacquard_model *model, const jacquard_samples *samples, int32_t threads,
                                  jacquard_evaluation *evaluation);

/* ---- Training ---- */

/* How gradients change parameters. */
typedef enum jacquard_optimizer {
    JACQUARD_SGD = 0,   /* Gradient descent, with momentum where it is not 0. */
    JACQUARD_ADAM = 1,  /* Adam; its weight decay is a part of the gradient. */
    JACQUARD_ADAMW = 2, /* Adam with decoupled weight decay. */
    JACQUARD_LION = 3   /* The sign of a momentum, with decoupled weight decay. */
} jacquard_optimizer;

/* How the learning rate changes during a training. */
typedef enum jacquard_schedule {
    JACQUARD_CONSTANT = 0,  /* The same throughout. */
    JACQUARD_STEPWISE = 1,  /* A tenth after each third. */
    JACQUARD_COSINE = 2,    /* Half a cosine down to 0. */
    JACQUARD_ONECYCLE = 3   /* Up over the first 30 %, then down to almost 0. */
} jacquard_schedule;

/* The settings of a training. Call jacquard_training_defaults first, then change what should differ. */
typedef struct jacquard_training {
    int32_t epochs;         /* Passes over the samples, 1 to 100000. (10) */
    int32_t batch_size;     /* Images per step, 1 to 65536. (128) */
    int32_t shards;         /* Parts of a batch that are computed on their own, 1 to 64; decides the last bits. (8) */
    int32_t threads;        /* Threads, up to 256; 0 is one for each processor. Never shows in the result. (0) */
    int32_t optimizer;      /* A jacquard_optimizer. (JACQUARD_ADAM) */
    int32_t schedule;       /* A jacquard_schedule; `jacquard train` has a cosine. (JACQUARD_CONSTANT) */
    int32_t nesterov;       /* 1: gradient descent looks ahead; needs a momentum. (0) */
    int32_t shuffle;        /* 0: samples come in their own order in every epoch. (1) */
    double learning_rate;   /* The highest rate, above 0 to 100. (0.001) */
    double momentum;        /* The share of the velocity that gradient descent keeps, 0 to below 1. (0) */
    double weight_decay;    /* 0 to 100; biases and norms are left alone. (0) */
    double warmup_epochs;   /* Epochs of linear warm-up, 0 to 100000; parts count. (0) */
    double label_smoothing; /* The weight of the uniform distribution in the target, 0 to below 1. (0) */
    double clip_norm;       /* The largest norm of the whole gradient, above 0 to 1000000000; 0 is no limit. (0) */
    int64_t max_steps;      /* Ends the training after so many steps, and the schedule with it; 0 is no limit. (0) */
    uint64_t seed;          /* Decides order and dropout. (1) */
} jacquard_training;

/* Fills in the values in parentheses above. */
jacquard_status jacquard_training_defaults(jacquard_training *training);

/* What a training reports. */
typedef struct jacquard_progress {
    int64_t step;          /* Steps done since the trainer was made. */
    int64_t epoch;         /* The epoch, from 1. */
    int64_t total_steps;   /* Steps of the whole training; 0 where nobody knows. */
    int64_t images;        /* Images that loss and accuracy are over: of the step, or of the epoch. */
    double loss;           /* Their mean loss. */
    double accuracy;       /* The share of right answers, from 0 to 1. */
    double learning_rate;  /* The rate of the last step. */
    int32_t ends_epoch;    /* 1: this is about the whole epoch; 0: about one step. */
} jacquard_progress;

/* Called after each step and each epoch, on the thread that called the library. Answers 0 to go on, anything else to stop.
 *   progress  valid during the call.
 *   context   what the caller of the library gave.
 * Must return: no longjmp and no C++ exception may leave it. */
typedef int32_t (*jacquard_callback)(const jacquard_progress *progress, void *context);

/* Trains a model: the settings, the optimizer's moments, and how far the training is. */
typedef struct jacquard_trainer jacquard_trainer;

/* Makes a trainer.
 *   model     what is trained. Several trainers may share it; their steps then take turns.
 *   training  the settings; NULL for the defaults.
 *   samples   what is trained on, with labels. The pixels stay where they are and must stay valid and unchanged until the
 *             trainer is freed; labels are checked and copied. NULL: each step is given a batch of its own, see
 *             jacquard_trainer_step; epochs and shuffle then mean nothing, warmup_epochs must be 0, and a schedule
 *             other than JACQUARD_CONSTANT needs max_steps.
 *   trainer   receives the handle, to be freed; NULL when the call fails. */
jacquard_status jacquard_trainer_create(jacquard_model *model, const jacquard_training *training,
                                        const jacquard_samples *samples, jacquard_trainer **trainer);

/* Does one step.
 *   batch     NULL for a trainer with samples: the next batch of its epoch. Otherwise 1 to batch_size images with labels,
 *             which are not needed after the call.
 *   progress  receives what the step came to, ends_epoch 0; may be NULL.
 * JACQUARD_DONE when the training is over. JACQUARD_NOT_FINITE when the loss or a gradient is not finite: the message
 * says where that shows first. Such a step changes nothing; the next call tries again, with another batch if it is given
 * one. */
jacquard_status jacquard_trainer_step(jacquard_trainer *trainer, const jacquard_samples *batch,
                                      jacquard_progress *progress);

/* Trains to the end of the epoch under way; for a trainer with samples.
 *   callback  called after each step and at the end of the epoch; may be NULL.
 *   context   handed on to it.
 *   progress  receives what the epoch came to, ends_epoch 1; may be NULL. Untouched unless JACQUARD_OK is returned.
 * JACQUARD_STOPPED when the callback ended it, JACQUARD_DONE when the training is over, otherwise as above. */
jacquard_status jacquard_trainer_epoch(jacquard_trainer *trainer, jacquard_callback callback, void *context,
                                       jacquard_progress *progress);

/* Trains to the end of the last epoch; for a trainer with samples. As above; JACQUARD_OK when the training is over. */
jacquard_status jacquard_trainer_run(jacquard_trainer *trainer, jacquard_callback callback, void *context);

/* Frees a trainer; NULL is left alone. Its model stays, and keeps what it has learned. */
void jacquard_trainer_free(jacquard_trainer *trainer);

#ifdef __cplusplus
}
#endif

#endif
