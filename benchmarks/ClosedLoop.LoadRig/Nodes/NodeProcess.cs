using System.Globalization;
using System.Text.Json;
using ClosedLoop.Hosting;
using ClosedLoop.Intake;
using ClosedLoop.LoadRig.Ingest;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ClosedLoop.LoadRig.Nodes;

/// <summary>What the process of a node does: the whole engine on the shared database, and each wave that it is told, until its input ends.</summary>
internal static class NodeProcess
{
    public const string Command = "node";
    private const int ProducerCount = 16;

    public static async Task RunAsync(string connection, string index, TextReader input, TextWriter output)
    {
        int node = int.Parse(index, CultureInfo.InvariantCulture);
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddClosedLoop(loop => loop.UsePostgres(connection).AddAdapter(static _ => SilentSource.Registration()))
            .BuildServiceProvider();
        var hosted = services.GetServices<IHostedService>().ToList();
        foreach (var service in hosted) await service.StartAsync(default);
        // Waits for the store.
        await services.GetRequiredService<ILoopQueries>().CountAsync();
        var intake = services.GetRequiredService<IIntake>();
        while (await input.ReadLineAsync() is { } line)
            await output.WriteLineAsync(JsonSerializer.Serialize(await SendAsync(intake, JsonSerializer.Deserialize<Wave>(line)!, node)));
        foreach (var service in hosted) await service.StopAsync(default);
    }

    /// <summary>Two neighbouring nodes have each delivery.</summary>
    public static IReadOnlyList<Submission> Share(Wave wave, int node)
    {
        Submission[] own = [.. Enumerable.Range(wave.First, wave.Merges).SelectMany(n => MergeSignals.Of(n, wave.PerWeek)).Index().Where(d => d.Index % wave.Nodes == node || (d.Index + 1) % wave.Nodes == node).Select(static d => d.Item)];
        // One order of all shares: a share is sorted by where its deliveries stand in it.
        int salt = new Random(wave.SameOrder ? wave.First : wave.First + node + 1).Next();
        return [.. own.OrderBy(d => HashCode(d.DeliveryId!, salt))];
    }

    private static int HashCode(string text, int salt)
    {
        uint hash = (uint)salt;
        foreach (char c in text) hash = (hash ^ c) * 16777619;
        return (int)hash;
    }

    private static async Task<WaveResult> SendAsync(IIntake intake, Wave wave, int node)
    {
        var share = Share(wave, node);
        int committed = 0, duplicates = 0, refused = 0, deadlocks = 0;
        await Producers.EachAsync(ProducerCount, share.Count, SubmitAsync);
        return new WaveResult(committed, duplicates, refused, deadlocks);

        async Task SubmitAsync(int i)
        {
            var result = await intake.SubmitAsync(share[i]);
            while (result.Outcome == SubmissionOutcome.Busy)
            {
                Interlocked.Increment(ref refused);
                if (result.Detail?.Contains("40P01", StringComparison.Ordinal) == true) Interlocked.Increment(ref deadlocks);
                // As a sender does.
                await Task.Delay(TimeSpan.FromMilliseconds(50));
                result = await intake.SubmitAsync(share[i]);
            }
            ClaimFailedException.Unless(result is { Outcome: SubmissionOutcome.Committed or SubmissionOutcome.Duplicate, Refusals: [] }, $"a delivery was not taken: {result.Outcome} {result.Detail}");
            if (result.Outcome == SubmissionOutcome.Committed) Interlocked.Increment(ref committed);
            else Interlocked.Increment(ref duplicates);
        }
    }
}
