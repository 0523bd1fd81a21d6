/* SPDX-License-Identifier: MIT */
/* The same from C++: handles in unique_ptr, errors as exceptions. */
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <vector>

#include <vae/vae.h>

namespace
{
void check(vae_status status)
{
    if (status != VAE_OK) throw std::runtime_error(vae_last_error());
}

using Config = std::unique_ptr<vae_config, decltype(&vae_config_free)>;
using Model = std::unique_ptr<vae_model, decltype(&vae_model_free)>;
using Source = std::unique_ptr<vae_source, decltype(&vae_source_free)>;
using Trainer = std::unique_ptr<vae_trainer, decltype(&vae_trainer_free)>;

Model make_model(size_t dim)
{
    vae_config *config = nullptr;
    check(vae_config_new(&config, nullptr, dim, 2));
    Config owned(config, vae_config_free);
    const std::vector<size_t> hidden = {16};
    check(vae_config_set_encoder(config, hidden.data(), hidden.size()));
    check(vae_config_set_decoder(config, hidden.data(), hidden.size()));
    vae_model *model = nullptr;
    check(vae_model_new(&model, config, 1));
    return Model(model, vae_model_free);
}

void train_two_steps(vae_model *model, const vae_source *data)
{
    vae_trainer *trainer = nullptr;
    check(vae_trainer_new(&trainer, model, "adam"));
    Trainer owned(trainer, vae_trainer_free);
    check(vae_trainer_set_data(trainer, data, nullptr, nullptr));
    check(vae_trainer_step(trainer));
    check(vae_trainer_step(trainer));
}

std::vector<float> weights(const vae_model *model)
{
    const float *first = vae_model_parameters(model);
    return std::vector<float>(first, first + vae_model_parameter_count(model));
}
} // namespace

int main(int argc, char **argv)
try {
    if (argc != 2) throw std::runtime_error("usage: consumer MODEL");
    const size_t rows = 64, dim = 12;
    std::vector<float> x(rows * dim);
    for (size_t i = 0; i < x.size(); i++) x[i] = static_cast<float>(i * 7 % 11) / 10.0f;

    Model model = make_model(dim);
    const std::vector<float> before = weights(model.get());
    vae_source *data = nullptr;
    check(vae_source_from_float(&data, nullptr, x.data(), rows, dim, 0));
    Source owned(data, vae_source_free);
    train_two_steps(model.get(), data);
    if (weights(model.get()) == before) throw std::runtime_error("training moved no weight");

    check(vae_model_save(model.get(), argv[1]));
    vae_model *read = nullptr;
    check(vae_model_load(&read, nullptr, argv[1]));
    Model loaded(read, vae_model_free);
    if (weights(loaded.get()) != weights(model.get()))
        throw std::runtime_error("loaded weights differ");
    std::printf("%s\n", vae_version_string());
    return 0;
} catch (const std::exception &error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
}
