using System.Diagnostics;

namespace ClosedLoop.Storage.Postgres.Tests;

/// <summary>Waits for something that other processes bring about, with a deadline that no healthy machine meets.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static async Task TrueAsync(Func<Task<bool>> condition, string what)
    {
        long start = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Deadline, $"after {Deadline.TotalSeconds} s still not: {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }
}
