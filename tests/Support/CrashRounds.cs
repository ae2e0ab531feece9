using System.Globalization;

namespace ClosedLoop.Storage.Tests;

/// <summary>How often a crash test kills: a few times in a default run, as <c>CLOSEDLOOP_CRASH_ROUNDS</c> says in a long one.</summary>
internal static class CrashRounds
{
    private static readonly int[] After = [1, 13, 40, 7, 75];

    /// <summary>After how many acknowledgements each round kills.</summary>
    public static IEnumerable<int> Kills =>
        Enumerable.Range(0, int.TryParse(Environment.GetEnvironmentVariable("CLOSEDLOOP_CRASH_ROUNDS"), NumberStyles.None, CultureInfo.InvariantCulture, out int rounds) && rounds > 0 ? rounds : After.Length)
            .Select(static round => After[round % After.Length]);
}
