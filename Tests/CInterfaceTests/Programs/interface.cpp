// The header is C++ too, and every function has C's linkage.
#include <jacquard.h>

#include <cstdio>
#include <memory>
#include <vector>

int main() {
    jacquard_model *handle = nullptr;
    if (jacquard_model_create("lenet", 1, &handle) != JACQUARD_OK) return 1;
    std::unique_ptr<jacquard_model, decltype(&jacquard_model_free)> model(handle, jacquard_model_free);
    std::vector<float> numbers(28 * 28 * 2), probabilities(20);
    jacquard_samples samples = {};
    samples.numbers = numbers.data();
    samples.pixel_count = numbers.size();
    if (jacquard_predict(model.get(), &samples, 1, probabilities.data(), probabilities.size()) != JACQUARD_OK) return 1;
    double sum = 0;
    for (float probability : probabilities) sum += probability;
    std::printf("%s %d %.4f\n", jacquard_version(), static_cast<int>(jacquard_abi()), sum);
    return 0;
}
