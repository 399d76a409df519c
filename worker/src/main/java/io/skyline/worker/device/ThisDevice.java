package io.skyline.worker.device;

import io.skyline.cost.DeviceProfile;
import io.skyline.worker.score.ReferenceTime;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** What a profile says of the device that it was measured on. */
final class ThisDevice {
  private ThisDevice() {}

  static DeviceProfile.Origin origin(String protocol) {
    return new DeviceProfile.Origin(
        machine(),
        (System.getProperty("os.arch") + " " + ReferenceTime.processor()).strip(),
        "ONNX Runtime " + ReferenceTime.runtime(),
        LocalDate.now(ZoneOffset.UTC).toString(),
        protocol);
  }

  private static String machine() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unnamed";
    }
  }
}
