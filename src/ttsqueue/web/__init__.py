"""The pages that people see: server-rendered, alive with a script, whole without one."""
