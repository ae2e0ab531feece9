namespace ClosedLoop.Adapters.Oci.Tests.Real;

/// <summary>Waits for another process to reach a state that can be observed.</summary>
internal static class Wait
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60), Step = TimeSpan.FromMilliseconds(20);

    public static async Task UntilAsync(Func<Task<bool>> isSo, string what)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (!await isSo())
        {
            if (deadline.IsCancellationRequested) throw new TimeoutException($"Within {Deadline.TotalSeconds} s it did not happen that {what}.");
            await Task.Delay(Step, CancellationToken.None);
        }
    }
}
