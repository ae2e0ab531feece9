using System.Collections.Immutable;
using ClosedLoop.Facts;
using ClosedLoop.Intake;
using ClosedLoop.Storage.InMemory;
using ClosedLoop.Testing.Time;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Storage.Sqlite.Tests;

/// <summary>The engine tells the store what it found before, and the store believes it: what the board asks must be the same as where nothing is told.</summary>
public sealed class BoardOfAnEngineTests
{
    private const int Merges = 60;
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Merges_told_by_many_senders_in_any_order_stand_where_they_stand_in_memory(int seed)
    {
        Submission[] signals = [.. Enumerable.Range(1, Merges).SelectMany(Signals)];
        new Random(seed).Shuffle(signals);
        using var file = new TempFile();
        var memory = new InMemoryLoopStore();
        // Stopped in the midst: some are done, some are open, some are stand-ins of a change whose item is not known yet.
        var told = signals[..(signals.Length * 3 / 4)];
        foreach (var part in new[] { told, signals })
        {
            // The service provider closes its store.
            await RunAsync(await file.OpenAsync(), part, senders: 48);
            await RunAsync(memory, part, senders: 1);
            using var store = await file.OpenAsync();
            Assert.Equal(await BoardAsync(memory), await BoardAsync(store));
        }
    }

    private static async Task RunAsync(ILoopStore store, Submission[] signals, int senders)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(new ManualTimeProvider(Start.AddDays(1)));
        services.AddClosedLoop(loop => loop.UseStore(_ => store));
        await using var provider = services.BuildServiceProvider();
        var intake = provider.GetRequiredService<IIntake>();
        await provider.GetRequiredService<Hosting.ILoopQueries>().CountAsync();
        int next = -1;
        await Task.WhenAll(Enumerable.Range(0, senders).Select(_ => Task.Run(async () =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < signals.Length;)
                Assert.NotEqual(SubmissionOutcome.Quarantined, (await intake.SubmitAsync(signals[i])).Outcome);
        })));
    }

    private static async Task<string> BoardAsync(ILoopStore store)
    {
        var now = Start.AddDays(1);
        var lines = new List<string>();
        lines.AddRange((await store.CountAsync(now, default)).Select(static r => r.ToString()).Order(StringComparer.Ordinal));
        foreach (var query in new[] { new BoardQuery(), new BoardQuery { Repository = "acme/web1" }, new BoardQuery { Agent = "builder-2" } })
            lines.AddRange((await store.CountOpenAsync(query, now, default)).Select(static r => r.ToString()).Order(StringComparer.Ordinal));
        var facets = await store.ReadFacetsAsync(default);
        lines.AddRange(facets.Repositories.Concat(facets.Agents).Concat(facets.Priorities).Select(static f => f.ToString()));
        lines.AddRange((await store.QueryItemsAsync(new ItemQuery { IsOpen = true, Order = ItemOrder.LongestWaiting, Limit = 500 }, default)).Items.Select(static i => $"{i.State.Id} {i.State.WaitingSince():O}"));
        lines.AddRange((await store.QueryItemsAsync(new ItemQuery { IsOpen = true, Text = "fix 7", Limit = 500 }, default)).Items.Select(static i => i.State.Id).Order(StringComparer.Ordinal));
        return string.Join('\n', lines);
    }

    private static IEnumerable<Submission> Signals(int number)
    {
        string repository = $"acme/web{number % 3}", sha = number.ToString("x40", System.Globalization.CultureInfo.InvariantCulture);
        Writer scm = new(WriterRoles.SourceControl, "github"), ci = new(WriterRoles.Ci, "jenkins"), deployer = new(WriterRoles.Deployer, "cluster");
        Key pr = Key.PullRequest(repository, number), commit = Key.Commit(repository, sha), image = Key.Image($"sha256:{sha}"), deployment = Key.Deployment($"cluster/{number}");
        return
        [
            Tell(1, Of(Key.Item($"BL-{number}"), FactKinds.Item, scm, 0) with { Attributes = ImmutableSortedDictionary.CreateRange(new Dictionary<string, string> { [FactAttributes.Title] = $"Fix {number}", [FactAttributes.Agent] = $"builder-{number % 4}", [FactAttributes.Priority] = $"P{number % 2}" }) }),
            Tell(2, Of(pr, Gates.PrOpened, scm, 1), Of(pr, FactKinds.Link, scm, 1, Key.Item($"BL-{number}"))),
            Tell(3, Of(Key.Review(repository, number, "ann"), Gates.Reviewed, scm, 2, pr)),
            Tell(4, Of(pr, Gates.Merged, scm, 3) with { Revision = sha }, Of(commit, FactKinds.Landing, scm, 3, pr) with { Status = GateStatus.Waiting }),
            Tell(5, Of(Key.Build($"https://ci.example/job/{number}/"), Gates.MainCi, ci, 4, commit) with { Name = "web" }),
            Tell(6, Of(image, Gates.ImageBuilt, new Writer(WriterRoles.Registry, "registry"), 5, commit)),
            Tell(7, Of(deployment, Gates.RolledOut, deployer, 6, image)),
            Tell(8, Of(deployment, Gates.Healthy, new Writer(WriterRoles.Health, "cluster"), 7, image)),
        ];

        Submission Tell(int part, params Fact[] facts) => new() { Source = "test", ReceivedAt = Start.AddDays(1), DeliveryId = $"{number}/{part}", Facts = [.. facts], Writers = [.. facts.Select(static f => f.Writer).Distinct()] };

        Fact Of(Key subject, string kind, Writer writer, int minute, params Key[] links) => new()
        {
            Subject = subject,
            Kind = kind,
            Writer = writer,
            Ordinal = Ordinal.At(Start.AddMinutes(number + minute)),
            OccurredAt = Start.AddMinutes(number + minute),
            Status = GateStatus.Passed,
            Links = [.. links],
        };
    }
}
