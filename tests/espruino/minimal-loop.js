// The least that a galvanostat does in a frame, written by hand: three bus calls, two conversions,
// four comparisons, charge, a ring of samples. The floor that the firmware's frames are held
// against.
var ring = new Int16Array(512);
var at = 0,
  charge = 0,
  last = 0,
  opened = 0;
function frame() {
  var b = I2C1.readFrom(72, 2);
  var volts = (((b[0] << 24) >> 16) | b[1]) * 0.00015625;
  b = I2C1.readFrom(72, 2);
  var amperes = (((b[0] << 24) >> 16) | b[1]) * 6.25e-7;
  if (volts > 9 || volts < -9 || amperes > 1 || amperes < -1) opened++;
  var now = getTime();
  charge += amperes * (now - last);
  last = now;
  ring[at] = volts * 1000;
  at = (at + 1) & 511;
  I2C1.writeTo(76, [48, 128, 0]);
}
I2C1.setup({ scl: D1, sda: D2 });
for (var i = 0; i < farFrames; i++) frame();
print("@" + opened + " " + at + "@");
