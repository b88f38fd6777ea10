// A charger is switched off when it has drawn less than 7 W for 15 minutes.
// Channel 1: relay. Channel 14: seconds below 7 W.
SetChannelType 14 TimerSeconds
alias low AddChannel 14 1
alias busy SetChannel 14 0
alias watch addRepeatingEventID 1 -1 1 if $power<7 then low else busy
alias rest backlog cancelRepeatingEvent 1; busy

addChangeHandler Channel1 == 1 watch
addChangeHandler Channel1 == 0 rest
addChangeHandler Channel14 >= 15*60 POWER OFF
