// Made by fixtures/generate/module_names.py.

/** The modules of torch 2.13, as far as they are not private parts of private ones. */
export const TORCH_MODULES: string = `
torch: _C _VF _appdirs _classes _compile _custom_ops _environment _guards _jit_internal _linalg_utils _lobpcg
  _lowrank _meta_registrations _opaque_base _ops _python_dispatcher _size_docs _sources _storage_docs
  _streambase _tensor _tensor_docs _tensor_iterator _tensor_str _thread_safe_fork _torch_docs _utils
  _utils_internal _vmap_internals _weights_only_unpickler accelerator amp ao autograd backends classes
  compiler contrib cpu cuda distributed distributions export fft func functional futures fx hub jit library
  linalg masked monitor mps mtia multiprocessing nativert nested nn numa onnx ops optim overrides package
  profiler quantization quasirandom random return_types serialization signal sparse special storage
  torch_version types utils version xpu
torch.accelerator: _utils graphs memory
torch.amp: autocast_mode grad_scaler
torch.ao: nn ns pruning quantization
torch.ao.nn: intrinsic qat quantizable quantized sparse
torch.ao.nn.intrinsic: modules qat quantized
torch.ao.nn.intrinsic.modules: fused
torch.ao.nn.intrinsic.qat: modules
torch.ao.nn.intrinsic.qat.modules: conv_fused linear_fused linear_relu
torch.ao.nn.intrinsic.quantized: dynamic modules
torch.ao.nn.intrinsic.quantized.dynamic: modules
torch.ao.nn.intrinsic.quantized.dynamic.modules: linear_relu
torch.ao.nn.intrinsic.quantized.modules: bn_relu conv_add conv_relu linear_relu
torch.ao.nn.qat: dynamic modules
torch.ao.nn.qat.dynamic: modules
torch.ao.nn.qat.dynamic.modules: linear
torch.ao.nn.qat.modules: conv embedding_ops linear
torch.ao.nn.quantizable: modules
torch.ao.nn.quantizable.modules: activation rnn
torch.ao.nn.quantized: dynamic functional modules reference
torch.ao.nn.quantized.dynamic: modules
torch.ao.nn.quantized.dynamic.modules: conv linear rnn
torch.ao.nn.quantized.modules: activation batchnorm conv dropout embedding_ops functional_modules linear
  normalization rnn utils
torch.ao.nn.quantized.reference: modules
torch.ao.nn.quantized.reference.modules: conv linear rnn sparse utils
torch.ao.nn.sparse: quantized
torch.ao.nn.sparse.quantized: dynamic linear utils
torch.ao.nn.sparse.quantized.dynamic: linear
torch.ao.ns: _numeric_suite _numeric_suite_fx fx
torch.ao.ns.fx: graph_matcher graph_passes mappings n_shadows_utils ns_types pattern_utils
  qconfig_multi_mapping utils weight_utils
torch.ao.pruning: _mappings scheduler sparsifier
torch.ao.pruning.scheduler: base_scheduler cubic_scheduler lambda_scheduler
torch.ao.pruning.sparsifier: base_sparsifier nearly_diagonal_sparsifier utils weight_norm_sparsifier
torch.ao.quantization: _correct_bias _equalize _learnable_fake_quantize backend_config fake_quantize
  fuse_modules fuser_method_mappings fx observer qconfig qconfig_mapping quant_type quantization_mappings
  quantize quantize_fx quantize_jit stubs utils
torch.ao.quantization.backend_config: _common_operator_config_utils _qnnpack_pt2e backend_config executorch
  fbgemm native onednn qnnpack tensorrt utils x86
torch.ao.quantization.fx: _decomposed _equalize _lower_to_native_backend convert custom_config fuse
  fuse_handler graph_module lower_to_fbgemm lower_to_qnnpack lstm_utils match_utils pattern_utils prepare
  qconfig_mapping_utils quantize_handler tracer utils
torch.autograd: anomaly_mode forward_ad function functional grad_mode gradcheck graph profiler profiler_legacy
  profiler_util variable
torch.backends: cpu cuda cudnn cusparselt kleidiai mha miopen mkl mkldnn mps nnpack openmp opt_einsum
  python_native quantized xeon xnnpack
torch.backends.cudnn: rnn
torch.backends.xeon: run_cpu
torch.compiler: _cache config
torch.contrib: _tensorboard_vis
torch.cpu: amp
torch.cpu.amp: autocast_mode grad_scaler
torch.cuda: _annotate_cuda_graph_trace _device_limits _gpu_trace _graph_annotations _memory_viz
  _pin_memory_utils _sanitizer _utils amp comm gds graphs green_contexts jiterator memory nccl nvtx profiler
  random sparse streams tunable
torch.cuda.amp: autocast_mode common grad_scaler
torch.distributed: _checkpointable _composable_state _dist2 _functional_collectives
  _functional_collectives_impl _mesh_layout _meta_registrations _serialization _state_dict_utils algorithms
  argparse_util autograd c10d_logger checkpoint collective_utils config constants debug device_mesh
  distributed_c10d elastic flight_recorder fsdp launch launcher logging_handlers nn optim pipelining
  remote_device rendezvous rpc run tensor utils
torch.distributed.algorithms: ddp_comm_hooks join model_averaging
torch.distributed.algorithms.ddp_comm_hooks: ddp_zero_hook debugging_hooks default_hooks mixed_precision_hooks
  optimizer_overlap_hooks post_localSGD_hook powerSGD_hook quantization_hooks
torch.distributed.algorithms.model_averaging: averagers hierarchical_model_averager utils
torch.distributed.checkpoint: _async_executor _async_process_executor _async_thread_executor _checkpointer
  _consolidate_hf_safetensors _dedup_save_plans _dedup_tensors _extension _fsspec_filesystem _hf_utils
  _nested_dict _pg_transport _sharded_tensor_utils _state_dict_stager _storage_utils _traverse _version api
  default_planner filesystem format_utils hf_storage logger logging_handlers metadata optimizer planner
  planner_helpers quantized_hf_storage resharding staging state_dict state_dict_loader state_dict_saver
  stateful storage utils
torch.distributed.debug: _debug_handlers _frontend _handlers _store
torch.distributed.elastic: agent control_plane events metrics multiprocessing rendezvous timer utils
torch.distributed.elastic.agent: server
torch.distributed.elastic.agent.server: api health_check_server local_elastic_agent
torch.distributed.elastic.events: api handlers
torch.distributed.elastic.metrics: api
torch.distributed.elastic.multiprocessing: api errors redirects subprocess_handler tail_log
torch.distributed.elastic.multiprocessing.errors: error_handler handlers
torch.distributed.elastic.multiprocessing.subprocess_handler: handlers subprocess_handler
torch.distributed.elastic.rendezvous: _etcd_stub api c10d_rendezvous_backend dynamic_rendezvous
  etcd_rendezvous etcd_rendezvous_backend etcd_server etcd_store registry static_tcp_rendezvous utils
torch.distributed.elastic.timer: api debug_info_logging file_based_local_timer local_timer
torch.distributed.elastic.utils: api data distributed log_level logging process_state store
torch.distributed.elastic.utils.data: cycling_iterator elastic_distributed_sampler
torch.distributed.flight_recorder: components fr_trace
torch.distributed.flight_recorder.components: builder config_manager fr_logger loader types utils
torch.distributed.fsdp: _common_utils _debug_utils _dynamo_utils _exec_order_utils _flat_param
  _fsdp_extensions _init_utils _limiter_utils _optim_utils _runtime_utils _shard_utils _state_dict_utils
  _trace_utils _traversal_utils _unshard_param_utils _wrap_utils api fully_sharded_data_parallel
  sharded_grad_scaler wrap
torch.distributed.launcher: api
torch.distributed.nn: api functional jit
torch.distributed.nn.api: remote_module
torch.distributed.nn.jit: instantiator templates
torch.distributed.nn.jit.templates: remote_module_template
torch.distributed.optim: _deprecation_warning apply_optimizer_in_backward functional_adadelta
  functional_adagrad functional_adam functional_adamax functional_adamw functional_rmsprop functional_rprop
  functional_sgd named_optimizer optimizer post_localSGD_optimizer utils zero_redundancy_optimizer
torch.distributed.pipelining: _IR _backward _debug _schedule_visualizer _unflatten _utils microbatch schedules
  stage
torch.distributed.rpc: _utils api backend_registry constants functions internal options rref_proxy
  server_process_global_profiler
torch.distributed.tensor: _api _collective_utils _decompositions _dispatch _dtensor_spec _nonlinear_redux
  _op_schema _random _redistribute _sharding_prop _shards_wrapper _tp_conv _utils debug device_mesh
  experimental parallel placement_types
torch.distributed.tensor.debug: _comm_mode _op_coverage _visualize_sharding
torch.distributed.tensor.experimental: _attention _func_map _register_sharding _tp_transform
torch.distributed.tensor.parallel: _data_parallel_utils api ddp fsdp input_reshard loss style
torch.distributions: bernoulli beta binomial categorical cauchy chi2 constraint_registry constraints
  continuous_bernoulli dirichlet distribution exp_family exponential fishersnedecor gamma generalized_pareto
  geometric gumbel half_cauchy half_normal independent inverse_gamma kl kumaraswamy laplace lkj_cholesky
  log_normal logistic_normal lowrank_multivariate_normal mixture_same_family multinomial multivariate_normal
  negative_binomial normal one_hot_categorical pareto poisson relaxed_bernoulli relaxed_categorical studentT
  transformed_distribution transforms uniform utils von_mises weibull wishart
torch.export: _draft_export _leakage_detection_utils _patches _remove_auto_functionalized_pass
  _remove_effect_tokens_pass _safeguard _state_dict_utils _swap _trace _tree_utils _unlift _wrapper_utils
  custom_obj custom_ops decomp_utils dynamic_shapes experimental exported_program graph_signature passes
  pt2_archive unflatten
torch.export.experimental: _utils
torch.export.pt2_archive: _package _package_weights constants
torch.func: _random
torch.fx: _compatibility _graph_pickler _lazy_graph_module _pytree _symbolic_trace _utils annotate config
  experimental graph graph_module immutable_collections interpreter node operator_schemas passes proxy
  subgraph_rewriter tensor_type traceback
torch.fx.experimental: _backward_state _config _constant_symnode _dynamism _size_hinting
  accelerator_partitioner const_fold debug dynamic_spec graph_gradual_typechecker merge_matmul meta_tracer
  migrate_gradual_types normalize optimization partitioner_utils proxy_tensor recording refinement_types
  rewriter schema_type_annotation sym_node symbolic_shapes unification unify_refinements validator
torch.fx.experimental.migrate_gradual_types: constraint constraint_generator constraint_transformation
  operation transform_to_z3 util z3_types
torch.fx.experimental.unification: core dispatch match more multipledispatch unification_tools utils variable
torch.fx.experimental.unification.multipledispatch: conflict core dispatcher utils variadic
torch.fx.passes: _tensorify_python_scalars annotate_getitem_nodes backends dialect fake_tensor_prop
  graph_drawer graph_manipulation graph_transform_observer infra net_min_base operator_support param_fetch
  pass_manager regional_inductor regional_inductor_invoke_subgraph reinplace runtime_assert shape_prop
  split_module split_utils splitter_base tools_common utils
torch.fx.passes.backends: cudagraphs
torch.fx.passes.dialect: common
torch.fx.passes.dialect.common: cse_pass
torch.fx.passes.infra: partitioner pass_base pass_manager
torch.fx.passes.utils: common fuser_utils matcher_utils matcher_with_name_node_map_utils source_matcher_utils
torch.jit: _async _await _builtins _check _dataclass_impls _decomposition_utils _decompositions _freeze _fuser
  _ir_utils _logging _monkeytype_config _pickle _recursive _script _serialization _shape_functions _state
  _trace annotations frontend generate_bytecode mobile quantized supported_ops unsupported_tensor_ops
torch.masked: _docs _ops maskedtensor
torch.masked.maskedtensor: _ops_refs binary core creation passthrough reductions unary
torch.mps: event profiler
torch.mtia: _utils memory mtia_graph
torch.multiprocessing: _atfork pool queue reductions spawn
torch.nativert: backends
torch.nativert.backends: _lower_utils _lowered_aoti_module
torch.nn: _reduction attention backends common_types cpp functional grad init intrinsic modules parallel
  parameter qat quantizable quantized utils
torch.nn.attention: _fa3 _fa4 _registry _utils bias experimental flex_attention varlen
torch.nn.attention.experimental: _paged_attention _scaled_dot_product_attention_quantized
torch.nn.backends: thnn
torch.nn.intrinsic: modules qat quantized
torch.nn.intrinsic.modules: fused
torch.nn.intrinsic.qat: modules
torch.nn.intrinsic.qat.modules: conv_fused linear_fused linear_relu
torch.nn.intrinsic.quantized: dynamic modules
torch.nn.intrinsic.quantized.dynamic: modules
torch.nn.intrinsic.quantized.dynamic.modules: linear_relu
torch.nn.intrinsic.quantized.modules: bn_relu conv_relu linear_relu
torch.nn.modules: _functions activation adaptive batchnorm channelshuffle container conv distance dropout
  flatten fold instancenorm lazy linear linear_cross_entropy linear_cross_entropy_options loss module
  normalization padding pixelshuffle pooling rnn sparse transformer upsampling utils
torch.nn.parallel: _functions comm data_parallel distributed parallel_apply replicate scatter_gather
torch.nn.qat: dynamic modules
torch.nn.qat.dynamic: modules
torch.nn.qat.dynamic.modules: linear
torch.nn.qat.modules: conv embedding_ops linear
torch.nn.quantizable: modules
torch.nn.quantizable.modules: activation rnn
torch.nn.quantized: dynamic functional modules
torch.nn.quantized.dynamic: modules
torch.nn.quantized.dynamic.modules: conv linear rnn
torch.nn.quantized.modules: activation batchnorm conv dropout embedding_ops functional_modules linear
  normalization rnn utils
torch.nn.utils: _deprecation_utils _named_member_accessor _per_sample_grad clip_grad convert_parameters fusion
  init memory_format parametrizations parametrize prune rnn spectral_norm stateless weight_norm
torch.numa: binding
torch.onnx: _constants _flags errors operators ops symbolic_helper symbolic_opset10 symbolic_opset11
  symbolic_opset12 symbolic_opset13 symbolic_opset14 symbolic_opset15 symbolic_opset16 symbolic_opset17
  symbolic_opset18 symbolic_opset19 symbolic_opset20 symbolic_opset7 symbolic_opset8 symbolic_opset9 testing
  utils verification
torch.onnx.ops: _dtype_mappings _impl _symbolic_impl
torch.optim: _adafactor _functional _muon _stateless adadelta adagrad adam adamax adamw asgd lbfgs
  lr_scheduler nadam optimizer radam rmsprop rprop sgd sparse_adam swa_utils
torch.package: _digraph _directory_reader _importlib _mangling _mock _package_pickler _package_unpickler
  _stdlib analyze file_structure_representation find_file_dependencies glob_group importer package_exporter
  package_importer
torch.package.analyze: find_first_use_of_broken_modules is_from_package trace_dependencies
torch.profiler: _chrome_trace_export _cupti_monitor _cupti_monitor_trace _memory_profiler _pattern_matcher
  _trace_validator _utils itt profiler python_tracer
torch.quantization: _numeric_suite _numeric_suite_fx _quantized_conversions fake_quantize fuse_modules
  fuser_method_mappings fx observer qconfig quant_type quantization_mappings quantize quantize_fx quantize_jit
  stubs utils
torch.quantization.fx: _equalize convert fuse fusion_patterns graph_module match_utils pattern_utils prepare
  quantization_patterns quantization_types utils
torch.signal: windows
torch.signal.windows: windows
torch.sparse: _semi_structured_conversions _semi_structured_ops _triton_ops _triton_ops_meta semi_structured
torch.utils: _appending_byte_serializer _config_module _content_store _contextlib _cpp_embed_headers
  _cpp_extension_versioner _cuda_debug _cxx_pytree _device _dtype_abbrs _exposed_in _filelock _foreach_utils
  _functools _get_clean_triton _helion _import_utils _inspect _mode_utils _ordered_set _pallas
  _python_dispatch _pytree _runtime_estimation _stats _thunk _traceback _triton _typing_utils _zip backcompat
  backend_registration benchmark bundled_inputs checkpoint collect_env cpp_backtrace cpp_extension data
  debug_log deterministic dlpack file_baton flop_counter hipify hooks jit mkldnn mobile_optimizer model_dump
  model_zoo module_tracker serialization show_pickle tensorboard throughput_benchmark viz weak
torch.utils.benchmark: examples op_fuzzers utils
torch.utils.benchmark.examples: compare fuzzer op_benchmark simple_timeit spectral_ops_fuzz_test
torch.utils.benchmark.op_fuzzers: binary sparse_binary sparse_unary spectral unary
torch.utils.benchmark.utils: _stubs common compare compile cpp_jit fuzzer sparse_fuzzer timer valgrind_wrapper
torch.utils.benchmark.utils.valgrind_wrapper: timer_interface
torch.utils.data: backward_compatibility dataloader datapipes dataset distributed graph graph_settings sampler
torch.utils.data.datapipes: _decorator _hook_iterator _typing dataframe datapipe gen_pyi iter map utils
torch.utils.data.datapipes.dataframe: dataframe_wrapper dataframes datapipes structures
torch.utils.data.datapipes.iter: callable combinatorics combining filelister fileopener grouping routeddecoder
  selecting sharding streamreader utils
torch.utils.data.datapipes.map: callable combinatorics combining grouping utils
torch.utils.data.datapipes.utils: common decoder snapshot
torch.utils.hipify: constants cuda_to_hip_mappings hipify_python version
torch.utils.jit: log_extract
torch.utils.serialization: config
torch.utils.tensorboard: _convert_np _embedding _onnx_graph _proto_graph _pytorch_graph _utils summary writer
torch.utils.viz: _cycles
torch.xpu: _gpu_trace _utils graphs memory random streams
`;
