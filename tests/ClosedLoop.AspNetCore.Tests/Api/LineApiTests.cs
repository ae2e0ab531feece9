using System.Globalization;
using System.Text.Json;
using ClosedLoop.Adapters;
using ClosedLoop.Facts;
using ClosedLoop.Lines;
using ClosedLoop.Migration;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.AspNetCore.Tests.Api;

public sealed class LineApiTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_line_shows_its_commits_with_what_landed_and_whether_it_is_red()
    {
        await using var host = await LoopHost.StartAsync(kestrel: true);
        string first = new('a', 40), second = new('b', 40);
        await HeadAsync(host, first, null, 1);
        await HeadAsync(host, second, first, 2);

        var listed = Assert.Single((await host.ReadAsync("/api/lines?repository=acme/web")).GetProperty("lines").EnumerateArray());
        var line = await host.ReadAsync("/api/lines/acme%2Fweb/release%2F1?limit=1");
        var rest = await host.ReadAsync("/api/lines/acme%2Fweb/release%2F1?before=" + second);

        Assert.Equal(("acme/web", "release/1", second), (Text(listed, "repository"), Text(listed, "branch"), Text(listed, "head")));
        Assert.Equal(second, Text(Assert.Single(line.GetProperty("commits").EnumerateArray()), "sha"));
        Assert.Equal(first, Text(Assert.Single(rest.GetProperty("commits").EnumerateArray()), "sha"));
    }

    [Theory]
    [InlineData("/api/lines/acme%2Fweb/none")]
    [InlineData("/api/lines/acme/%20")]
    [InlineData("/api/lines/x/y?before=z")]
    public async Task A_branch_that_nobody_named_is_404(string path)
    {
        await using var host = await LoopHost.StartAsync(kestrel: true);

        using var response = await host.SendAsync(HttpMethod.Get, path, "agent:builder-7");

        await LoopHost.ProblemOf(response, 404, "not-found");
    }

    [Fact]
    public async Task The_log_is_read_backwards_too()
    {
        await using var host = await LoopHost.StartAsync();
        foreach (int i in (int[])[1, 2, 3]) await host.PostAsync("/api/items", $$"""{"id":"BL-{{i}}"}""");

        var newest = await host.ReadAsync("/api/transitions?newest=true&limit=2");
        var rest = await host.ReadAsync("/api/transitions?newest=true&before=" + newest.GetProperty("next").GetInt64().ToString(CultureInfo.InvariantCulture));

        Assert.Equal(["BL-3", "BL-2"], newest.GetProperty("transitions").EnumerateArray().Select(static t => Text(t, "itemId")));
        Assert.Equal(["BL-1"], rest.GetProperty("transitions").EnumerateArray().Select(static t => Text(t, "itemId")));
    }

    [Fact]
    public async Task A_source_tells_how_it_is_read_and_that_nothing_is_known_of_it_yet()
    {
        await using var host = await LoopHost.StartAsync(l => l.AddAdapter(_ => new AdapterRegistration { Name = "polled", Gates = [Gates.MainCi], Writers = [new Writer(WriterRoles.Ci, "polled")], Probe = new SilentProbe() }));

        var source = (await host.ReadAsync("/api/sources")).GetProperty("sources").EnumerateArray().Single(s => Text(s, "name") == "polled");

        Assert.True(Text(source, "state") is "unknown" or "reachable");
        Assert.Equal("main-ci", Assert.Single(source.GetProperty("gates").EnumerateArray()).GetString());
        Assert.True(source.GetProperty("pollIntervalSeconds").GetDouble() > 0);
    }

    private static async Task HeadAsync(LoopHost host, string sha, string? parent, int order)
    {
        var scm = host.App.Services.GetRequiredService<IClosedLoop>().As(new Writer(WriterRoles.SourceControl, "github"));
        await host.App.Services.GetRequiredService<ILoopMigration>().LoadHistoryAsync(new[] { (IReadOnlyList<CommitNode>)[new CommitNode("acme/web", sha, parent is null ? [] : [parent])] }.ToAsyncEnumerable());
        var result = await scm.RecordFactsAsync([new Fact { Subject = Key.Branch("acme/web", "release/1"), Kind = FactKinds.Head, Writer = scm.Writer, Ordinal = new Ordinal(order), OccurredAt = At.AddMinutes(order), Revision = sha }]);
        Assert.True(result.IsRecorded, result.Refusal);
    }

    private sealed class SilentProbe : IProbe
    {
        public ValueTask<ProbeResult> ProbeAsync(ProbeBatch batch, CancellationToken cancellationToken) => new(new ProbeResult { Outcome = ProbeOutcome.Reached });
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
