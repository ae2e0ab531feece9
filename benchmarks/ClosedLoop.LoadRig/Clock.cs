using System.Diagnostics;

namespace ClosedLoop.LoadRig;

internal static class Clock
{
    public static long Start() => Stopwatch.GetTimestamp();

    public static double Seconds(long start) => Stopwatch.GetElapsedTime(start).TotalSeconds;
}
