namespace ClosedLoop.Lines.Git;

/// <summary>Does work in one go, and in ever smaller parts when that fails, so that one bad part does not spoil the rest.</summary>
internal static class Halves
{
    /// <param name="parts">The work.</param>
    /// <param name="run">Does some of it; false: it failed as a whole.</param>
    /// <param name="giveUp">Told of each single part that fails.</param>
    public static async Task RunAsync<T>(ArraySegment<T> parts, Func<ArraySegment<T>, Task<bool>> run, Action<T> giveUp)
    {
        if (parts.Count == 0 || await run(parts).ConfigureAwait(false)) return;
        if (parts.Count == 1)
        {
            giveUp(parts[0]);
            return;
        }
        int half = parts.Count / 2;
        await RunAsync(parts[..half], run, giveUp).ConfigureAwait(false);
        await RunAsync(parts[half..], run, giveUp).ConfigureAwait(false);
    }
}
