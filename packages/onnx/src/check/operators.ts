/**
 * Every operator of onnx 1.23.2, by domain; made by fixtures/generate/onnx_operators.py. A line is an operator and its
 * versions: since when, how many inputs and which are optional or variadic, the same of outputs, attributes with the letter
 * of their type (`!` where required). A version without more is as the one before it.
 */
export const operators: Readonly<Record<string, string>> = {
  '': `
Abs|1 1-1 S 1-1 S consumed_inputs=I|6 1-1 S 1-1 S|13
Acos|7 1-1 S 1-1 S|22
Acosh|9 1-1 S 1-1 S|22
Add|1 2-2 SS 1-1 S axis=i broadcast=i consumed_inputs=I|6 2-2 SS 1-1 S axis=i broadcast=i|7 2-2 SS 1-1 S|13|14
AffineGrid|20 2-2 SS 1-1 S align_corners=i
And|1 2-2 SS 1-1 S axis=i broadcast=i|7 2-2 SS 1-1 S
ArgMax|1 1-1 S 1-1 S axis=i keepdims=i|11|12 1-1 S 1-1 S axis=i keepdims=i select_last_index=i|13
ArgMin|1 1-1 S 1-1 S axis=i keepdims=i|11|12 1-1 S 1-1 S axis=i keepdims=i select_last_index=i|13
Asin|7 1-1 S 1-1 S|22
Asinh|9 1-1 S 1-1 S|22
Atan|7 1-1 S 1-1 S|22
Atanh|9 1-1 S 1-1 S|22
Attention|23 3-6 SSSOOO 1-4 SOOO is_causal=i kv_num_heads=i q_num_heads=i qk_matmul_output_mode=i scale=f softcap=f softmax_precision=i|24 3-7 SSSOOOO 1-4 SOOO is_causal=i kv_num_heads=i q_num_heads=i qk_matmul_output_mode=i scale=f softcap=f softmax_precision=i|25 3-7 SSSOOOO 1-4 SOOO is_causal=i kv_num_heads=i left_window_size=i q_num_heads=i qk_matmul_output_mode=i right_window_size=i scale=f softcap=f softmax_precision=i
AveragePool|1 1-1 S 1-1 S auto_pad=s kernel_shape=I! pads=I strides=I|7 1-1 S 1-1 S auto_pad=s count_include_pad=i kernel_shape=I! pads=I strides=I|10 1-1 S 1-1 S auto_pad=s ceil_mode=i count_include_pad=i kernel_shape=I! pads=I strides=I|11|19 1-1 S 1-1 S auto_pad=s ceil_mode=i count_include_pad=i dilations=I kernel_shape=I! pads=I strides=I|22
BatchNormalization|1 5-5 SSSSS 1,5 SOOOO consumed_inputs=I! epsilon=f is_test=i momentum=f spatial=i|6 5-5 SSSSS 1,5 SOOOO epsilon=f is_test=i momentum=f spatial=i|7 5-5 SSSSS 1,5 SOOOO epsilon=f momentum=f spatial=i|9 5-5 SSSSS 1,5 SOOOO epsilon=f momentum=f|14 5-5 SSSSS 1,3 SOO epsilon=f momentum=f training_mode=i|15
Bernoulli|15 1-1 S 1-1 S dtype=i seed=f|22
BitCast|26 1-1 S 1-1 S to=i!
BitShift|11 2-2 SS 1-1 S direction=s!|28
BitwiseAnd|18 2-2 SS 1-1 S
BitwiseNot|18 1-1 S 1-1 S
BitwiseOr|18 2-2 SS 1-1 S
BitwiseXor|18 2-2 SS 1-1 S
BlackmanWindow|17 1-1 S 1-1 S output_datatype=i periodic=i
Cast|1 1-1 S 1-1 S to=s!|6 1-1 S 1-1 S to=i!|9|13|19 1-1 S 1-1 S saturate=i to=i!|21|23|24 1-1 S 1-1 S round_mode=s saturate=i to=i!|25|28
CastLike|15 2-2 SS 1-1 S|19 2-2 SS 1-1 S saturate=i|21|23|24 2-2 SS 1-1 S round_mode=s saturate=i|25
CausalConvWithState|27 2-4 SSOO 2-2 SS activation=s
Ceil|1 1-1 S 1-1 S consumed_inputs=I|6 1-1 S 1-1 S|13
Celu|12 1-1 S 1-1 S alpha=f|28
CenterCropPad|18 2-2 SS 1-1 S axes=I
Clip|1 1-1 S 1-1 S consumed_inputs=I max=f min=f|6 1-1 S 1-1 S max=f min=f|11 1-3 SOO 1-1 S|12|13
Col2Im|18 3-3 SSS 1-1 S dilations=I pads=I strides=I
Compress|9 2-2 SS 1-1 S axis=i|11|28
Concat|1 1-* V 1-1 S axis=i|4 1-* V 1-1 S axis=i!|11|13
ConcatFromSequence|11 1-1 S 1-1 S axis=i! new_axis=i
Constant|1 0-0 . 1-1 S value=t!|9|11 0-0 . 1-1 S sparse_value=x value=t|12 0-0 . 1-1 S sparse_value=x value=t value_float=f value_floats=F value_int=i value_ints=I value_string=s value_strings=S|13|19|21|23|24|25
ConstantOfShape|9 1-1 S 1-1 S value=t|20|21|23|24|25
Conv|1 2-3 SSO 1-1 S auto_pad=s dilations=I group=i kernel_shape=I pads=I strides=I|11|22
ConvInteger|10 2-4 SSOO 1-1 S auto_pad=s dilations=I group=i kernel_shape=I pads=I strides=I
ConvTranspose|1 2-3 SSO 1-1 S auto_pad=s dilations=I group=i kernel_shape=I output_padding=I output_shape=I pads=I strides=I|11|22
Cos|7 1-1 S 1-1 S|22
Cosh|9 1-1 S 1-1 S|22
CumProd|26 2-2 SS 1-1 S exclusive=i reverse=i
CumSum|11 2-2 SS 1-1 S exclusive=i reverse=i|14
DFT|17 1-2 SO 1-1 S axis=i inverse=i onesided=i|20 1-3 SOO 1-1 S inverse=i onesided=i
DeformConv|19 3-5 SSSOO 1-1 S dilations=I group=i kernel_shape=I offset_group=i pads=I strides=I|22
DepthToSpace|1 1-1 S 1-1 S blocksize=i!|11 1-1 S 1-1 S blocksize=i! mode=s|13|28
DequantizeLinear|10 2-3 SSO 1-1 S|13 2-3 SSO 1-1 S axis=i|19|21 2-3 SSO 1-1 S axis=i block_size=i|23 2-3 SSO 1-1 S axis=i block_size=i output_dtype=i|24|25|28
Det|11 1-1 S 1-1 S|22
Div|1 2-2 SS 1-1 S axis=i broadcast=i consumed_inputs=I|6 2-2 SS 1-1 S axis=i broadcast=i|7 2-2 SS 1-1 S|13|14
Dropout|1 1-1 S 1-2 SO consumed_inputs=I is_test=i ratio=f|6 1-1 S 1-2 SO is_test=i ratio=f|7 1-1 S 1-2 SO ratio=f|10|12 1-3 SOO 1-2 SO seed=i|13|22
DynamicQuantizeLinear|11 1-1 S 3-3 SSS
Einsum|12 1-* V 1-1 S equation=s!|28
Elu|1 1-1 S 1-1 S alpha=f consumed_inputs=I|6 1-1 S 1-1 S alpha=f|22
Equal|1 2-2 SS 1-1 S axis=i broadcast=i|7 2-2 SS 1-1 S|11|13|19
Erf|9 1-1 S 1-1 S|13
Exp|1 1-1 S 1-1 S consumed_inputs=I|6 1-1 S 1-1 S|13
Expand|8 2-2 SS 1-1 S|13
EyeLike|9 1-1 S 1-1 S dtype=i k=i|22
Flatten|1 1-1 S 1-1 S axis=i|9|11|13|21|23|24|25
Floor|1 1-1 S 1-1 S consumed_inputs=I|6 1-1 S 1-1 S|13
GRU|1 3-6 SSSOOO 2-2 OS activation_alpha=F activation_beta=F activations=S clip=f direction=s hidden_size=i output_sequence=i|3 3-6 SSSOOO 0-2 OO activation_alpha=F activation_beta=F activations=S clip=f direction=s hidden_size=i linear_before_reset=i output_sequence=i|7 3-6 SSSOOO 0-2 OO activation_alpha=F activation_beta=F activations=S clip=f direction=s hidden_size=i linear_before_reset=i|14 3-6 SSSOOO 0-2 OO activation_alpha=F activation_beta=F activations=S clip=f direction=s hidden_size=i layout=i linear_before_reset=i|22
Gather|1 2-2 SS 1-1 S axis=i|11|13
GatherElements|11 2-2 SS 1-1 S axis=i|13
GatherND|11 2-2 SS 1-1 S|12 2-2 SS 1-1 S batch_dims=i|13
Gelu|20 1-1 S 1-1 S approximate=s
Gemm|1 3-3 SSS 1-1 S alpha=f beta=f broadcast=i transA=i transB=i|6|7 3-3 SSS 1-1 S alpha=f beta=f transA=i transB=i|9|11 2-3 SSO 1-1 S alpha=f beta=f transA=i transB=i|13
GlobalAveragePool|1 1-1 S 1-1 S|22
GlobalLpPool|1 1-1 S 1-1 S p=f|2 1-1 S 1-1 S p=i|22
GlobalMaxPool|1 1-1 S 1-1 S|22
Greater|1 2-2 SS 1-1 S axis=i broadcast=i|7 2-2 SS 1-1 S|9|13
GreaterOrEqual|12 2-2 SS 1-1 S|16
GridSample|16 2-2 SS 1-1 S align_corners=i mode=s padding_mode=s|20|22
GroupNormalization|18 deprecated|21 3-3 SSS 1-1 S epsilon=f num_groups=i! stash_type=i
HammingWindow|17 1-1 S 1-1 S output_datatype=i periodic=i
HannWindow|17 1-1 S 1-1 S output_datatype=i periodic=i
HardSigmoid|1 1-1 S 1-1 S alpha=f beta=f consumed_inputs=I|6 1-1 S 1-1 S alpha=f beta=f|22
HardSwish|14 1-1 S 1-1 S|22
Hardmax|1 1-1 S 1-1 S axis=i|11|13
Identity|1 1-1 S 1-1 S|13|14|16|19|21|23|24|25
If|1 1-1 S 1-* V else_branch=g! then_branch=g!|11|13|16|19|21|23|24|25
ImageDecoder|20 1-1 S 1-1 S pixel_format=s
InstanceNormalization|1 3-3 SSS 1-1 S consumed_inputs=I epsilon=f|6 3-3 SSS 1-1 S epsilon=f|22
IsInf|10 1-1 S 1-1 S detect_negative=i detect_positive=i|20
IsNaN|9 1-1 S 1-1 S|13|20
LRN|1 1-1 S 1-1 S alpha=f beta=f bias=f size=i!|13
LSTM|1 3-8 SSSOOOOO 0-3 OOO activation_alpha=F activation_beta=F activations=S clip=f direction=s hidden_size=i input_forget=i output_sequence=i|7 3-8 SSSOOOOO 0-3 OOO activation_alpha=F activation_beta=F activations=S clip=f direction=s hidden_size=i input_forget=i|14 3-8 SSSOOOOO 0-3 OOO activation_alpha=F activation_beta=F activations=S clip=f direction=s hidden_size=i input_forget=i layout=i|22
LayerNormalization|17 2-3 SSO 1-3 SOO axis=i epsilon=f stash_type=i *
LeakyRelu|1 1-1 S 1-1 S alpha=f consumed_inputs=I|6 1-1 S 1-1 S alpha=f|16
Less|1 2-2 SS 1-1 S axis=i broadcast=i|7 2-2 SS 1-1 S|9|13
LessOrEqual|12 2-2 SS 1-1 S|16
LinearAttention|27 3-6 SSSOOO 2-2 SS chunk_size=i kv_num_heads=i! q_num_heads=i! scale=f update_rule=s
Log|1 1-1 S 1-1 S consumed_inputs=I|6 1-1 S 1-1 S|13
LogSoftmax|1 1-1 S 1-1 S axis=i|11|13
Loop|1 3-* OOV 1-* V body=g!|11 2-* OOV 1-* V body=g!|13|16|19|21|23|24|25
LpNormalization|1 1-1 S 1-1 S axis=i p=i|22
LpPool|1 1-1 S 1-1 S auto_pad=s kernel_shape=I p=f pads=I strides=I|2 1-1 S 1-1 S auto_pad=s kernel_shape=I! p=i pads=I strides=I|11|18 1-1 S 1-1 S auto_pad=s ceil_mode=i dilations=I kernel_shape=I! p=i pads=I strides=I|22
MatMul|1 2-2 SS 1-1 S|9|13
MatMulInteger|10 2-4 SSOO 1-1 S
Max|1 1-* V 1-1 S consumed_inputs=I|6 1-* V 1-1 S|8|12|13
MaxPool|1 1-1 S 1-1 S auto_pad=s kernel_shape=I! pads=I strides=I|8 1-1 S 1-2 SO auto_pad=s kernel_shape=I! pads=I storage_order=i strides=I|10 1-1 S 1-2 SO auto_pad=s ceil_mode=i dilations=I kernel_shape=I! pads=I storage_order=i strides=I|11|12|22
MaxRoiPool|1 2-2 SS 1-1 S pooled_shape=I! spatial_scale=f|22
MaxUnpool|9 2-3 SSO 1-1 S kernel_shape=I! pads=I strides=I|11|22
Mean|1 1-* V 1-1 S consumed_inputs=I|6 1-* V 1-1 S|8|13
MeanVarianceNormalization|9 1-1 S 1-1 S axes=I|13
MelWeightMatrix|17 5-5 SSSSS 1-1 S output_datatype=i
Min|1 1-* V 1-1 S consumed_inputs=I|6 1-* V 1-1 S|8|12|13
Mish|18 1-1 S 1-1 S|22
Mod|10 2-2 SS 1-1 S fmod=i|13|28
Mul|1 2-2 SS 1-1 S axis=i broadcast=i consumed_inputs=I|6 2-2 SS 1-1 S axis=i broadcast=i|7 2-2 SS 1-1 S|13|14
Multinomial|7 1-1 S 1-1 S dtype=i sample_size=i seed=f|22
Neg|1 1-1 S 1-1 S consumed_inputs=I|6 1-1 S 1-1 S|13
NegativeLogLikelihoodLoss|12 2-3 SSO 1-1 S ignore_index=i reduction=s|13|22
NonMaxSuppression|10 2-5 SSOOO 1-1 S center_point_box=i|11
NonZero|9 1-1 S 1-1 S|13
Not|1 1-1 S 1-1 S
OneHot|9 3-3 SSS 1-1 S axis=i|11|28
Optional|15 0-1 O 1-1 S type=p|28
OptionalGetElement|15 1-1 S 1-1 S|18|28
OptionalHasElement|15 1-1 S 1-1 S|18 0-1 O 1-1 S|28
Or|1 2-2 SS 1-1 S axis=i broadcast=i|7 2-2 SS 1-1 S
PRelu|1 2-2 SS 1-1 S consumed_inputs=I|6 2-2 SS 1-1 S|7|9|16
Pad|1 1-1 S 1-1 S mode=s paddings=I! value=f|2 1-1 S 1-1 S mode=s pads=I! value=f|11 2-3 SSO 1-1 S mode=s|13|18 2-4 SSOO 1-1 S mode=s|19|21|23|24|25
Pow|1 2-2 SS 1-1 S axis=i broadcast=i|7 2-2 SS 1-1 S|12|13|15
QLinearConv|10 8-9 SSSSSSSSO 1-1 S auto_pad=s dilations=I group=i kernel_shape=I pads=I strides=I
QLinearMatMul|10 8-8 SSSSSSSS 1-1 S|21
QuantizeLinear|10 2-3 SSO 1-1 S|13 2-3 SSO 1-1 S axis=i|19 2-3 SSO 1-1 S axis=i saturate=i|21 2-3 SSO 1-1 S axis=i block_size=i output_dtype=i saturate=i|23 2-3 SSO 1-1 S axis=i block_size=i output_dtype=i precision=i saturate=i|24|25|28
RMSNormalization|23 2-2 SS 1-1 S axis=i epsilon=f stash_type=i
RNN|1 3-6 SSSOOO 0-2 OO activation_alpha=F activation_beta=F activations=S clip=f direction=s hidden_size=i output_sequence=i|7 3-6 SSSOOO 0-2 OO activation_alpha=F activation_beta=F activations=S clip=f direction=s hidden_size=i|14 3-6 SSSOOO 0-2 OO activation_alpha=F activation_beta=F activations=S clip=f direction=s hidden_size=i layout=i|22
RandomNormal|1 0-0 . 1-1 S dtype=i mean=f scale=f seed=f shape=I!|22
RandomNormalLike|1 1-1 S 1-1 S dtype=i mean=f scale=f seed=f|22
RandomUniform|1 0-0 . 1-1 S dtype=i high=f low=f seed=f shape=I!|22
RandomUniformLike|1 1-1 S 1-1 S dtype=i high=f low=f seed=f|22
Range|11 3-3 SSS 1-1 S|27 3-3 SSS 1-1 S stash_type=i
Reciprocal|1 1-1 S 1-1 S consumed_inputs=I|6 1-1 S 1-1 S|13
ReduceL1|1 1-1 S 1-1 S axes=I keepdims=i|11|13|18 1-2 SO 1-1 S keepdims=i noop_with_empty_axes=i
ReduceL2|1 1-1 S 1-1 S axes=I keepdims=i|11|13|18 1-2 SO 1-1 S keepdims=i noop_with_empty_axes=i
ReduceLogSum|1 1-1 S 1-1 S axes=I keepdims=i|11|13|18 1-2 SO 1-1 S keepdims=i noop_with_empty_axes=i|28
ReduceLogSumExp|1 1-1 S 1-1 S axes=I keepdims=i|11|13|18 1-2 SO 1-1 S keepdims=i noop_with_empty_axes=i|28
ReduceMax|1 1-1 S 1-1 S axes=I keepdims=i|11|12|13|18 1-2 SO 1-1 S keepdims=i noop_with_empty_axes=i|20
ReduceMean|1 1-1 S 1-1 S axes=I keepdims=i|11|13|18 1-2 SO 1-1 S keepdims=i noop_with_empty_axes=i
ReduceMin|1 1-1 S 1-1 S axes=I keepdims=i|11|12|13|18 1-2 SO 1-1 S keepdims=i noop_with_empty_axes=i|20
ReduceProd|1 1-1 S 1-1 S axes=I keepdims=i|11|13|18 1-2 SO 1-1 S keepdims=i noop_with_empty_axes=i
ReduceSum|1 1-1 S 1-1 S axes=I keepdims=i|11|13 1-2 SO 1-1 S keepdims=i noop_with_empty_axes=i
ReduceSumSquare|1 1-1 S 1-1 S axes=I keepdims=i|11|13|18 1-2 SO 1-1 S keepdims=i noop_with_empty_axes=i
RegexFullMatch|20 1-1 S 1-1 S pattern=s
Relu|1 1-1 S 1-1 S consumed_inputs=I|6 1-1 S 1-1 S|13|14
Reshape|1 1-1 S 1-1 S consumed_inputs=I shape=I|5 2-2 SS 1-1 S|13|14 2-2 SS 1-1 S allowzero=i|19|21|23|24|25
Resize|10 2-2 SS 1-1 S mode=s|11 3-4 SSSO 1-1 S coordinate_transformation_mode=s cubic_coeff_a=f exclude_outside=i extrapolation_value=f mode=s nearest_mode=s|13 1-4 SOOO 1-1 S coordinate_transformation_mode=s cubic_coeff_a=f exclude_outside=i extrapolation_value=f mode=s nearest_mode=s|18 1-4 SOOO 1-1 S antialias=i axes=I coordinate_transformation_mode=s cubic_coeff_a=f exclude_outside=i extrapolation_value=f keep_aspect_ratio_policy=s mode=s nearest_mode=s|19
ReverseSequence|10 2-2 SS 1-1 S batch_axis=i time_axis=i|28
RoiAlign|10 3-3 SSS 1-1 S mode=s output_height=i output_width=i sampling_ratio=i spatial_scale=f|16 3-3 SSS 1-1 S coordinate_transformation_mode=s mode=s output_height=i output_width=i sampling_ratio=i spatial_scale=f|22
RotaryEmbedding|23 3-4 SSSO 1-1 S interleaved=i num_heads=i rotary_embedding_dim=i
Round|11 1-1 S 1-1 S|22
STFT|17 2-4 SSOO 1-1 S onesided=i
Scan|8 2-* OV 1-* V body=g! directions=I num_scan_inputs=i!|9 1-* V 1-* V body=g! num_scan_inputs=i! scan_input_axes=I scan_input_directions=I scan_output_axes=I scan_output_directions=I|11|16|19|21|23|24|25
Scatter|9 3-3 SSS 1-1 S axis=i|11 deprecated
ScatterElements|11 3-3 SSS 1-1 S axis=i|13|16 3-3 SSS 1-1 S axis=i reduction=s|18
ScatterND|11 3-3 SSS 1-1 S|13|16 3-3 SSS 1-1 S reduction=s|18
Selu|1 1-1 S 1-1 S alpha=f consumed_inputs=I gamma=f|6 1-1 S 1-1 S alpha=f gamma=f|22
SequenceAt|11 2-2 SS 1-1 S
SequenceConstruct|11 1-* V 1-1 S
SequenceEmpty|11 0-0 . 1-1 S dtype=i
SequenceErase|11 1-2 SO 1-1 S
SequenceInsert|11 2-3 SSO 1-1 S
SequenceLength|11 1-1 S 1-1 S
SequenceMap|17 1-* SV 1-* V body=g!
Shape|1 1-1 S 1-1 S|13|15 1-1 S 1-1 S end=i start=i|19|21|23|24|25
Shrink|9 1-1 S 1-1 S bias=f lambd=f
Sigmoid|1 1-1 S 1-1 S consumed_inputs=I|6 1-1 S 1-1 S|13
Sign|9 1-1 S 1-1 S|13
Sin|7 1-1 S 1-1 S|22
Sinh|9 1-1 S 1-1 S|22
Size|1 1-1 S 1-1 S|13|19|21|23|24|25
Slice|1 1-1 S 1-1 S axes=I ends=I! starts=I!|10 3-5 SSSOO 1-1 S|11|13
Softmax|1 1-1 S 1-1 S axis=i|11|13
SoftmaxCrossEntropyLoss|12 2-3 SSO 1-2 SO ignore_index=i reduction=s|13
Softplus|1 1-1 S 1-1 S|22
Softsign|1 1-1 S 1-1 S|22
SpaceToDepth|1 1-1 S 1-1 S blocksize=i!|13|28 1-1 S 1-1 S blocksize=i! mode=s
Split|1 1-2 SO 1-* V axis=i split=I|2 1-1 S 1-* V axis=i split=I|11|13 1-2 SO 1-* V axis=i|18 1-2 SO 1-* V axis=i num_outputs=i
SplitToSequence|11 1-2 SO 1-1 S axis=i keepdims=i|24
Sqrt|1 1-1 S 1-1 S consumed_inputs=I|6 1-1 S 1-1 S|13
Squeeze|1 1-1 S 1-1 S axes=I|11|13 1-2 SO 1-1 S|21|23|24|25
StringConcat|20 2-2 SS 1-1 S
StringNormalizer|10 1-1 S 1-1 S case_change_action=s is_case_sensitive=i locale=s stopwords=S
StringSplit|20 1-1 S 2-2 SS delimiter=s maxsplit=i
Sub|1 2-2 SS 1-1 S axis=i broadcast=i consumed_inputs=I|6 2-2 SS 1-1 S axis=i broadcast=i|7 2-2 SS 1-1 S|13|14
Sum|1 1-* V 1-1 S consumed_inputs=I|6 1-* V 1-1 S|8|13
SwiGLU|28 2-2 SS 1-1 S alpha=f
Swish|24 1-1 S 1-1 S alpha=f
Tan|7 1-1 S 1-1 S|22
Tanh|1 1-1 S 1-1 S consumed_inputs=I|6 1-1 S 1-1 S|13
TensorScatter|24 2-3 SSO 1-1 S axis=i mode=s
TfIdfVectorizer|9 1-1 S 1-1 S max_gram_length=i! max_skip_count=i! min_gram_length=i! mode=s! ngram_counts=I! ngram_indexes=I! pool_int64s=I pool_strings=S weights=F
ThresholdedRelu|10 1-1 S 1-1 S alpha=f|22
Tile|1 3-3 SSS 1-1 S|6 2-2 SS 1-1 S|13
TopK|1 1-1 S 2-2 SS axis=i k=i!|10 2-2 SS 2-2 SS axis=i|11 2-2 SS 2-2 SS axis=i largest=i sorted=i|24
Transpose|1 1-1 S 1-1 S perm=I|13|21|23|24|25
Trilu|14 1-2 SO 1-1 S upper=i
Unique|11 1-1 S 1-4 SOOO axis=i sorted=i|28
Unsqueeze|1 1-1 S 1-1 S axes=I!|11|13 2-2 SS 1-1 S|21|23|24|25
Upsample|1 1-1 S 1-1 S height_scale=f! mode=s width_scale=f!|7 1-1 S 1-1 S mode=s scales=F!|9 2-2 SS 1-1 S mode=s|10 deprecated
Where|9 3-3 SSS 1-1 S|16
Xor|1 2-2 SS 1-1 S axis=i broadcast=i|7 2-2 SS 1-1 S
`,
  'ai.onnx.ml': `
ArrayFeatureExtractor|1 2-2 SS 1-1 S
Binarizer|1 1-1 S 1-1 S threshold=f
CastMap|1 1-1 S 1-1 S cast_to=s map_form=s max_map=i
CategoryMapper|1 1-1 S 1-1 S cats_int64s=I cats_strings=S default_int64=i default_string=s
DictVectorizer|1 1-1 S 1-1 S int64_vocabulary=I string_vocabulary=S
FeatureVectorizer|1 1-* V 1-1 S inputdimensions=I
Imputer|1 1-1 S 1-1 S imputed_value_floats=F imputed_value_int64s=I replaced_value_float=f replaced_value_int64=i
LabelEncoder|1 1-1 S 1-1 S classes_strings=S default_int64=i default_string=s|2 1-1 S 1-1 S default_float=f default_int64=i default_string=s keys_floats=F keys_int64s=I keys_strings=S values_floats=F values_int64s=I values_strings=S|4 1-1 S 1-1 S default_float=f default_int64=i default_string=s default_tensor=t keys_floats=F keys_int64s=I keys_strings=S keys_tensor=t values_floats=F values_int64s=I values_strings=S values_tensor=t
LinearClassifier|1 1-1 S 2-2 SS classlabels_ints=I classlabels_strings=S coefficients=F! intercepts=F multi_class=i post_transform=s
LinearRegressor|1 1-1 S 1-1 S coefficients=F intercepts=F post_transform=s targets=i
Normalizer|1 1-1 S 1-1 S norm=s
OneHotEncoder|1 1-1 S 1-1 S cats_int64s=I cats_strings=S zeros=i
SVMClassifier|1 1-1 S 2-2 SS classlabels_ints=I classlabels_strings=S coefficients=F kernel_params=F kernel_type=s post_transform=s prob_a=F prob_b=F rho=F support_vectors=F vectors_per_class=I
SVMRegressor|1 1-1 S 1-1 S coefficients=F kernel_params=F kernel_type=s n_supports=i one_class=i post_transform=s rho=F support_vectors=F
Scaler|1 1-1 S 1-1 S offset=F scale=F
TreeEnsemble|5 1-1 S 1-1 S aggregate_function=i leaf_targetids=I! leaf_weights=t! membership_values=t n_targets=i nodes_falseleafs=I! nodes_falsenodeids=I! nodes_featureids=I! nodes_hitrates=t nodes_missing_value_tracks_true=I nodes_modes=t! nodes_splits=t! nodes_trueleafs=I! nodes_truenodeids=I! post_transform=i tree_roots=I!
TreeEnsembleClassifier|1 1-1 S 2-2 SS base_values=F class_ids=I class_nodeids=I class_treeids=I class_weights=F classlabels_int64s=I classlabels_strings=S nodes_falsenodeids=I nodes_featureids=I nodes_hitrates=F nodes_missing_value_tracks_true=I nodes_modes=S nodes_nodeids=I nodes_treeids=I nodes_truenodeids=I nodes_values=F post_transform=s|3 1-1 S 2-2 SS base_values=F base_values_as_tensor=t class_ids=I class_nodeids=I class_treeids=I class_weights=F class_weights_as_tensor=t classlabels_int64s=I classlabels_strings=S nodes_falsenodeids=I nodes_featureids=I nodes_hitrates=F nodes_hitrates_as_tensor=t nodes_missing_value_tracks_true=I nodes_modes=S nodes_nodeids=I nodes_treeids=I nodes_truenodeids=I nodes_values=F nodes_values_as_tensor=t post_transform=s|5 deprecated
TreeEnsembleRegressor|1 1-1 S 1-1 S aggregate_function=s base_values=F n_targets=i nodes_falsenodeids=I nodes_featureids=I nodes_hitrates=F nodes_missing_value_tracks_true=I nodes_modes=S nodes_nodeids=I nodes_treeids=I nodes_truenodeids=I nodes_values=F post_transform=s target_ids=I target_nodeids=I target_treeids=I target_weights=F|3 1-1 S 1-1 S aggregate_function=s base_values=F base_values_as_tensor=t n_targets=i nodes_falsenodeids=I nodes_featureids=I nodes_hitrates=F nodes_hitrates_as_tensor=t nodes_missing_value_tracks_true=I nodes_modes=S nodes_nodeids=I nodes_treeids=I nodes_truenodeids=I nodes_values=F nodes_values_as_tensor=t post_transform=s target_ids=I target_nodeids=I target_treeids=I target_weights=F target_weights_as_tensor=t|5 deprecated
ZipMap|1 1-1 S 1-1 S classlabels_int64s=I classlabels_strings=S
`,
  'ai.onnx.preview': `
FlexAttention|1 3-3 SSS 1-1 S prob_mod=g scale=f score_mod=g softmax_precision=i
`,
  'ai.onnx.preview.training': `
Adagrad|1 3-* SSV 1-* V decay_factor=f epsilon=f norm_coefficient=f
Adam|1 3-* SSV 1-* V alpha=f beta=f epsilon=f norm_coefficient=f norm_coefficient_post=f
Gradient|1 1-* V 1-* V xs=S! y=s! zs=S
Momentum|1 3-* SSV 1-* V alpha=f! beta=f! mode=s! norm_coefficient=f!
`,
};
