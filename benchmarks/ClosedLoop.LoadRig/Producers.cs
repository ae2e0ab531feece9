namespace ClosedLoop.LoadRig;

/// <summary>Several that send at the same time: each takes the next one when it has done with the one before.</summary>
internal static class Producers
{
    public static async Task EachAsync(int producers, int count, Func<int, Task> send)
    {
        int next = -1;
        await Task.WhenAll(Enumerable.Range(0, producers).Select(_ => Task.Run(SendAsync)));

        async Task SendAsync()
        {
            for (int i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next)) await send(i);
        }
    }
}
