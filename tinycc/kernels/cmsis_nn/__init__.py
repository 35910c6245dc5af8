# SPDX-License-Identifier: Apache-2.0
"""Functions of CMSIS-NN: the leaf that fits the shape, and when it is right.

Never called: arm_relu*, since activations are clamps of the function before; arm_softmax_u8, since uint8 tensors are read as
int8; arm_softmax_s16, which narrows a probability of 1 to int16, which makes it -1, and the sum's reciprocal likewise;
arm_nn_activation_s16, which takes powers of two alone; arm_lstm_unidirectional_*, see tinycc.kernels.portable.lstm.
"""
