return {'ok', call('ZCARD', OURS .. args.index)}
