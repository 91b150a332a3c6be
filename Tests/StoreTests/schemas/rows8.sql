-- Pressure fell by 25.5 kPa when the first leak opened.
UPDATE transition SET pressure_slot = 1, pressure_time = 1760000000500, pressure_drop = 25.5 WHERE transition_key = 'msg_a1';
