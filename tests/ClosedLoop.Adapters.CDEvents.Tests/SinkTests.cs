using System.Text.Json.Nodes;
using ClosedLoop.Adapters.CDEvents.Outgoing;
using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Intake;
using ClosedLoop.Storage;
using ClosedLoop.Testing.Time;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Adapters.CDEvents.Tests;

/// <summary>Transitions of a record, sent over a socket as events.</summary>
public sealed class SinkTests : IAsyncLifetime, IDisposable
{
    private const string SinkSecret = "canary-of-the-sink-0123456789";
    private const string SinkToken = "canary-token-0123456789";

    private readonly string _directory = Directory.CreateTempSubdirectory("closedloop-cdevents-").FullName;
    private readonly ManualTimeProvider _time = new(Given.At(600));
    private readonly LogCatcher _log = new();
    private FakeReceiver _receiver = null!;
    private ServiceProvider _services = null!;

    public async Task InitializeAsync()
    {
        _receiver = await FakeReceiver.StartAsync();
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_time);
        services.AddSingleton<ILoggerProvider>(_log);
        services.AddLogging();
        services.AddClosedLoop(loop => loop.AddCDEvents(static o =>
        {
            var options = Given.Options();
            o.Secret = options.Secret;
            foreach (var source in options.Sources) o.Sources.Add(source);
        }));
        _services = services.BuildServiceProvider();
    }

    public async Task DisposeAsync()
    {
        await _services.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(CDEventsVersion.V05, CloudEventsMode.Structured)]
    [InlineData(CDEventsVersion.V05, CloudEventsMode.Binary)]
    [InlineData(CDEventsVersion.V04, CloudEventsMode.Structured)]
    [InlineData(CDEventsVersion.V04, CloudEventsMode.Binary)]
    public async Task Every_transition_is_sent_once_in_order_and_what_is_sent_is_understood(CDEventsVersion version, CloudEventsMode mode)
    {
        await TellAsync(Story());
        await DrainAsync(Follower(o => (o.Version, o.Mode) = (version, mode)));

        var log = await LogAsync();
        Assert.Equal(log.Select(static t => t.Sequence), _receiver.Taken.Select(static e => (long)Inner(e)["customData"]!["sequence"]!));
        var understood = new List<(string Kind, GateStatus Status)>();
        var reader = CDEventsAdapter.Create(Reader());
        foreach (var (headers, body) in _receiver.Taken)
        {
            var inner = Inner((headers, body));
            Assert.Equal(version == CDEventsVersion.V04 ? "0.4.1" : "0.5.1", (string?)inner["context"]![version == CDEventsVersion.V04 ? "version" : "specversion"]);
            Assert.Equal(version == CDEventsVersion.V04, inner["subject"]!["type"] is not null);
            var delivery = new WebhookDelivery { Source = CDEventsAdapter.Name, Headers = headers, Body = body, ReceivedAt = Given.At(600) };
            Assert.True(reader.Authenticator!.IsAuthentic(delivery));
            var translation = reader.Translator!.Translate(delivery);
            bool custom = ((string)inner["context"]!["type"]!).StartsWith("dev.cdeventsx.closedloop-", StringComparison.Ordinal);
            Assert.True(translation.Outcome == (custom ? TranslationOutcome.Ignored : TranslationOutcome.Facts), $"{inner["context"]!["type"]}: {translation.Outcome} {translation.Detail}");
            understood.AddRange(translation.Facts.Select(static f => (f.Kind, f.Status)));
        }
        foreach (string gate in (string[])[Gates.PrOpened, Gates.Reviewed, Gates.Merged, Gates.MainCi, Gates.ImageBuilt, Gates.RolledOut, Gates.Healthy])
            Assert.Contains((gate, GateStatus.Passed), understood);
        Assert.Contains((Gates.MainCi, GateStatus.Running), understood);
        Assert.Contains((Gates.Healthy, GateStatus.Failed), understood);
        Assert.Contains((FactKinds.Landing, GateStatus.Passed), understood);
    }

    [Fact]
    public async Task Another_record_that_is_told_what_was_sent_says_the_same_of_every_gate()
    {
        await TellAsync(Story());
        await DrainAsync(Follower());
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(_time);
        services.AddClosedLoop(loop => loop.AddAdapter(_ => CDEventsAdapter.Create(Reader())));
        await using var other = services.BuildServiceProvider();
        foreach (var (headers, body) in _receiver.Taken)
            Assert.InRange((await other.GetRequiredService<IWebhookReceiver>().ReceiveAsync(new WebhookDelivery { Source = CDEventsAdapter.Name, Headers = headers, Body = body, ReceivedAt = Given.At(600) })).StatusCode, 200, 299);
        var told = (await other.GetRequiredService<IClosedLoop>().GetStatusAsync("BL-7"))!;
        var own = (await _services.GetRequiredService<IClosedLoop>().GetStatusAsync("BL-7"))!;
        Assert.Equal(own.State.Gates.Select(static g => (g.Gate, g.Status)), told.State.Gates.Select(static g => (g.Gate, g.Status)));
    }

    [Fact]
    public async Task What_is_sent_again_has_the_same_id_and_one_item_is_one_chain()
    {
        await TellAsync(Story());
        await DrainAsync(Follower());
        var first = _receiver.Taken.Select(static e => $"{Inner(e)["context"]}").ToList();
        _receiver.Taken.Clear();
        File.Delete(CursorPath);
        await DrainAsync(Follower());
        Assert.Equal(first, _receiver.Taken.Select(static e => $"{Inner(e)["context"]}"));
        Assert.Equal(first.Count, first.Select(static c => (string)JsonNode.Parse(c)!["id"]!).Distinct().Count());
        Assert.Single(_receiver.Taken.Select(static e => (string?)Inner(e)["context"]!["chainId"]).Distinct());
    }

    [Fact]
    public async Task A_restart_goes_on_where_the_sink_was_and_a_new_sink_begins_at_the_end()
    {
        await TellAsync(Story()[..1]);
        await DrainAsync(Follower(static o => o.FromStart = false));
        Assert.Empty(_receiver.Taken);
        await TellAsync(Story()[1..3]);
        await DrainAsync(Follower(static o => o.FromStart = false));
        int sent = _receiver.Taken.Count;
        Assert.True(sent > 0);
        await DrainAsync(Follower());
        Assert.Equal(sent, _receiver.Taken.Count);
        Assert.Equal($"{(await LogAsync())[^1].Sequence}", await File.ReadAllTextAsync(CursorPath));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(302)]
    [InlineData(429)]
    public async Task What_is_not_taken_now_is_tried_again_and_nothing_overtakes_it(int status)
    {
        await TellAsync(Story());
        _receiver.Status = before => before is 2 or 3 ? status : 202;
        var follower = Follower();
        Assert.Equal(TimeSpan.FromSeconds(1), await follower.RunOnceAsync(default));
        Assert.Equal(2, _receiver.Taken.Count);
        Assert.Equal(TimeSpan.FromSeconds(2), await follower.RunOnceAsync(default));
        while (await follower.RunOnceAsync(default) != TimeSpan.FromSeconds(1)) { }
        var sequences = _receiver.Taken.Select(static e => (long)Inner(e)["customData"]!["sequence"]!).ToList();
        Assert.Equal((await LogAsync()).Select(static t => t.Sequence), sequences);
    }

    [Fact]
    public async Task What_the_receiver_rejects_is_logged_and_does_not_hold_up_the_rest()
    {
        await TellAsync(Story());
        _receiver.Status = static before => before == 2 ? 422 : 202;
        await DrainAsync(Follower());
        Assert.Equal((await LogAsync()).Count - 1, _receiver.Taken.Count);
        Assert.Contains(_log.Lines, static l => l.Contains("was rejected", StringComparison.Ordinal) && l.Contains("127.0.0.1 answered 422", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_receiver_that_is_gone_stops_nothing_and_no_secret_is_logged()
    {
        await TellAsync(Story());
        var address = _receiver.Address;
        await _receiver.DisposeAsync();
        var follower = Follower(o => (o.Address, o.Secret, o.Token) = (address, SinkSecret, SinkToken));
        Assert.Equal(TimeSpan.FromSeconds(1), await follower.RunOnceAsync(default));
        Assert.Contains(_log.Lines, static l => l.Contains("cannot be reached", StringComparison.Ordinal));
        Assert.DoesNotContain(_log.Lines, static l => l.Contains("canary", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_host_runs_the_sink_and_no_payload_or_log_has_a_secret()
    {
        await TellAsync(Story());
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        int expected = (await LogAsync()).Count;
        // Until the end of the log nothing waits for the clock, which stands still here.
        using var follower = Follower(static o => (o.Secret, o.Token) = (SinkSecret, SinkToken));
        await follower.StartAsync(stop.Token);
        await _receiver.TakenAsync(expected, stop.Token);
        await follower.StopAsync(stop.Token);
        Assert.All(_receiver.Taken, static e =>
        {
            Assert.Equal("Bearer " + SinkToken, e.Headers["Authorization"]);
            Assert.Equal(Given.Signature(e.Body, SinkSecret), e.Headers["X-ClosedLoop-Signature"]);
            Assert.DoesNotContain("canary", System.Text.Encoding.UTF8.GetString(e.Body), StringComparison.Ordinal);
        });
        Assert.DoesNotContain(_log.Lines, static l => l.Contains("canary", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_cursor_that_is_no_number_stops_the_start_with_what_to_do()
    {
        await File.WriteAllTextAsync(CursorPath, "x");
        using var follower = Follower();
        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => follower.StartAsync(default));
        Assert.Contains(CursorPath, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_builder_registers_a_service_for_each_sink()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddClosedLoop(loop => loop
            .AddCDEventsSink(o => (o.Name, o.Address, o.CursorFile) = ("one", _receiver.Address, Path.Combine(_directory, "one")))
            .AddCDEventsSink(o => (o.Name, o.Address, o.CursorFile) = ("two", _receiver.Address, Path.Combine(_directory, "two"))));
        using var provider = services.BuildServiceProvider();
        Assert.Equal(2, provider.GetServices<IHostedService>().OfType<TransitionFollower>().Count());
    }

    [Theory]
    [InlineData("a b\"c%", "a%20b%22c%25")]
    [InlineData("/ü", "/%C3%BC")]
    public void Attributes_are_encoded_for_headers(string value, string encoded)
    {
        Assert.Equal(encoded, EventPost.Encoded(value));
        Assert.Equal(value, Uri.UnescapeDataString(encoded));
    }

    private string CursorPath => Path.Combine(_directory, "cursor");

    private static JsonObject[] Story() =>
    [
        Given.Change("created", 12, 1, new JsonObject { ["item"] = "BL-7" }), Given.Change("reviewed", 12, 2, new JsonObject { ["decision"] = "approved", ["reviewer"] = "ann" }),
        Given.Change("merged", 12, 3, new JsonObject { ["commit"] = Given.Sha('a'), ["branch"] = "main" }),
        Given.Run("started", "run-1", 5, custom: Given.Commit('a')), Given.Run("finished", "run-1", 8, "success", Given.Commit('a')),
        Given.Packaged('c', 'a', 9), Given.Published('c', 10, Given.Commit('a')), Given.Service("deployed", 'c', 12), Given.Incident("detected", 'c', 20), Given.Incident("resolved", 'c', 25),
    ];

    // What one ClosedLoop sends, another takes as from every writer of it.
    private static CDEventsOptions Reader()
    {
        var options = new CDEventsOptions { Secret = SinkSecret };
        var source = new CDEventsSource { Source = "/closedloop" };
        foreach (string role in (string[])[WriterRoles.SourceControl, WriterRoles.Ci, WriterRoles.Registry, WriterRoles.Deployer, WriterRoles.Health]) source.Roles.Add(role);
        source.Checks.Add("build");
        options.Sources.Add(source);
        return options;
    }

    private TransitionFollower Follower(Action<CDEventsSinkOptions>? change = null)
    {
        var options = new CDEventsSinkOptions { Address = _receiver.Address, CursorFile = CursorPath, FromStart = true, Secret = SinkSecret };
        change?.Invoke(options);
        return new TransitionFollower(
            options, _services.GetRequiredService<ILoopQueries>(), _services.GetRequiredService<ILoopStore>(),
            new EventPost(options, new HttpClient(SourceClient.CreateHandler()), _time), _time, _services.GetRequiredService<ILogger<TransitionFollower>>());
    }

    private static async Task DrainAsync(TransitionFollower follower)
    {
        using (follower)
        {
            follower.Load();
            while (await follower.RunOnceAsync(default) != TimeSpan.FromSeconds(1)) { }
        }
    }

    private async Task TellAsync(JsonObject[] story)
    {
        foreach (var body in story) Assert.InRange((await _services.GetRequiredService<IWebhookReceiver>().ReceiveAsync(Given.Delivery(body))).StatusCode, 200, 299);
    }

    private async Task<IReadOnlyList<Transition>> LogAsync() => await _services.GetRequiredService<ILoopQueries>().ReadTransitionsAsync(new TransitionQuery { Limit = 1_000 });

    private static JsonNode Inner((Dictionary<string, string> Headers, byte[] Body) sent)
    {
        var body = JsonNode.Parse(sent.Body)!;
        return body["data"] ?? body;
    }

    private sealed class LogCatcher : ILoggerProvider, ILogger
    {
        public System.Collections.Concurrent.ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
