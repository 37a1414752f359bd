local job = load(args.id)
return job and {'ok', job} or {'missing'}
