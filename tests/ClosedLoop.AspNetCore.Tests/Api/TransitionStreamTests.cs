using System.Globalization;
using System.Net;
using System.Text.Json;
using ClosedLoop.AspNetCore.Api.Streaming;
using ClosedLoop.Testing.Time;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.AspNetCore.Tests.Api;

public sealed class TransitionStreamTests
{
    private const string Path = "/api/transitions/stream";

    [Fact]
    public async Task An_event_is_the_transition_with_its_sequence_as_id_whatever_its_text_holds()
    {
        const string Title = "<script>\r\ndata: forged\n\nid: 999\n\n\u202e\u001b";
        await using var host = await LoopHost.StartAsync(kestrel: true);
        await host.PostAsync("/api/items", JsonSerializer.Serialize(new { id = "BL-1", title = Title.TrimEnd('\u001b') }));

        using var stream = await EventStream.OpenAsync(host, Path);
        var (id, name, data) = (await stream.NextAsync())!.Value;

        Assert.Equal(("transition", data.GetProperty("sequence").GetInt64()), (name, id));
        Assert.Equal(Title.TrimEnd('\u001b'), data.GetProperty("detail").GetString());
        Assert.Equal((await host.ReadAsync("/api/transitions")).GetProperty("transitions")[0].ToString(), data.ToString());
    }

    [Fact]
    public async Task A_stream_goes_on_after_the_last_event_and_gets_what_happens_next()
    {
        await using var host = await LoopHost.StartAsync(kestrel: true);
        foreach (int i in (int[])[1, 2, 3]) await host.PostAsync("/api/items", $$"""{"id":"BL-{{i}}"}""");

        using var byHeader = await EventStream.OpenAsync(host, Path + "?after=0", lastEventId: 2);
        using var byQuery = await EventStream.OpenAsync(host, Path + "?after=1&item=BL-3");
        Assert.Equal(3, (await byHeader.NextAsync())!.Value.Id);
        Assert.Equal("BL-3", (await byQuery.NextAsync())!.Value.Data.GetProperty("itemId").GetString());
        var next = byHeader.NextAsync();
        await host.PostAsync("/api/items", """{"id":"BL-4"}""");

        Assert.Equal("BL-4", (await next)!.Value.Data.GetProperty("itemId").GetString());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whenever_a_client_is_cut_off_it_gets_every_event_once_and_in_order(int seed)
    {
        const int Items = 60;
        var random = new Random(seed);
        await using var host = await LoopHost.StartAsync(kestrel: true);
        var writing = Task.Run(async () =>
        {
            for (int i = 0; i < Items; i++)
            {
                using var opened = await host.PostAsync("/api/items", $$"""{"id":"BL-{{i}}"}""");
                using var passed = await host.PostAsync($"/api/items/BL-{i}/facts", """{"gate":"pr-opened","status":"passed","evidence":{"url":"https://git.example/1"}}""");
                Assert.True(passed.IsSuccessStatusCode);
            }
        });

        var seen = new List<long>();
        int cuts = 0;
        while (seen.Count < Items * 2)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            using var stream = await EventStream.OpenAsync(host, Path, seen.Count == 0 ? null : seen[^1], patience.Token);
            for (int left = random.Next(1, 12); left > 0 && seen.Count < Items * 2; left--) seen.Add((await stream.NextAsync(patience.Token))!.Value.Id);
            cuts++;
        }
        await writing;

        var log = (await host.ReadAsync("/api/transitions?limit=1000")).GetProperty("transitions").EnumerateArray().Select(static t => t.GetProperty("sequence").GetInt64());
        Assert.Equal(log, seen);
        Assert.True(cuts > 10);
        await NoneOpenAsync(host);
    }

    [Fact]
    public async Task While_nothing_happens_a_comment_every_15_seconds_shows_that_the_stream_lives()
    {
        var time = new ManualTimeProvider();
        await using var host = await LoopHost.StartAsync(time: time);
        using var stream = await EventStream.OpenAsync(host, Path);

        for (int i = 0; i < 2; i++)
        {
            var comment = stream.CommentAsync();
            await LoopHost.UntilAsync(() => Task.FromResult(comment.IsCompleted ? "came" : null), "a comment", time);
            await comment;
        }
    }

    [Fact]
    public async Task One_stream_too_many_is_503_until_another_ends()
    {
        await using var host = await LoopHost.StartAsync(api: o => o.MaxStreams = 2, kestrel: true);
        var one = await EventStream.OpenAsync(host, Path);
        using var two = await EventStream.OpenAsync(host, Path);

        using var refused = await host.SendAsync(HttpMethod.Get, Path, "agent:builder-7");
        using var head = await host.SendAsync(HttpMethod.Head, Path, "agent:builder-7");
        one.Dispose();

        await LoopHost.ProblemOf(refused, 503, "too-many-streams");
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        await LoopHost.UntilAsync(() => Task.FromResult(Streams(host).Count == 1 ? "one" : null), "the end of the first stream");
        using var three = await EventStream.OpenAsync(host, Path);
    }

    [Fact]
    public async Task When_the_host_stops_streams_end_at_once()
    {
        var host = await LoopHost.StartAsync(kestrel: true);
        using var stream = await EventStream.OpenAsync(host, Path);
        var next = stream.NextAsync();

        await host.App.StopAsync();

        Assert.Null(await next);
        Assert.Equal(0, Streams(host).Count);
        await host.DisposeAsync();
    }

    [Fact]
    public async Task When_the_store_goes_away_the_stream_ends_and_goes_on_where_it_was_once_it_is_back()
    {
        var store = new GatedStore();
        await using var host = await LoopHost.StartAsync(l => l.UseStore(_ => store), kestrel: true);
        await host.PostAsync("/api/items", """{"id":"BL-1"}""");
        using var stream = await EventStream.OpenAsync(host, Path);
        long last = (await stream.NextAsync())!.Value.Id;

        store.Failure = new Storage.StoreUnavailableException("gone");
        Assert.Null(await stream.NextAsync());
        store.Failure = null;
        await host.PostAsync("/api/items", """{"id":"BL-2"}""");
        using var again = await EventStream.OpenAsync(host, Path, last);

        Assert.Equal("BL-2", (await again.NextAsync())!.Value.Data.GetProperty("itemId").GetString());
    }

    [Fact]
    public async Task A_client_that_takes_nothing_is_cut_off_and_holds_no_stream()
    {
        var time = new ManualTimeProvider();
        await using var host = await LoopHost.StartAsync(time: time);
        await host.PostAsync("/api/items", """{"id":"BL-1"}""");
        using var full = new FullStream();
        var context = new DefaultHttpContext { Response = { Body = full } };

        var writing = Streams(host).Open(null, 0, headersOnly: false).WriteAsync(context);
        await full.Blocked;
        Assert.Equal(1, Streams(host).Count);
        time.Advance(TransitionStream.Patience);
        await writing;

        Assert.Equal(0, Streams(host).Count);
    }

    [Theory]
    [InlineData("?after=-1", null)]
    [InlineData("?after=many", null)]
    [InlineData("", "1;drop")]
    [InlineData("?item=%20", null)]
    [InlineData("?after=99999999999999999999", null)]
    public async Task A_place_that_is_none_is_400(string query, string? lastEventId)
    {
        await using var host = await LoopHost.StartAsync();
        var request = new HttpRequestMessage(HttpMethod.Get, Path + query);
        request.Headers.Add("Authorization", "Bearer " + LoopHost.Token("agent:builder-7"));
        if (lastEventId is not null) request.Headers.Add("Last-Event-ID", lastEventId);

        using var response = await host.Client.SendAsync(request);

        await LoopHost.ProblemOf(response, 400, "malformed");
    }

    [Fact]
    public async Task The_log_is_read_in_pages_over_all_items_or_of_one()
    {
        await using var host = await LoopHost.StartAsync();
        foreach (int i in (int[])[1, 2, 3]) await host.PostAsync("/api/items", $$"""{"id":"BL-{{i}}"}""");

        var first = await host.ReadAsync("/api/transitions?limit=2");
        var rest = await host.ReadAsync("/api/transitions?after=" + first.GetProperty("next").GetInt64().ToString(CultureInfo.InvariantCulture));
        var one = await host.ReadAsync("/api/transitions?item=BL-2");

        Assert.Equal("BL-1 BL-2", Items(first));
        Assert.Equal("BL-3", Items(rest));
        Assert.Equal("BL-2", Items(one));
        Assert.Equal("", Items(await host.ReadAsync("/api/transitions?item=none")));

        static string Items(JsonElement page) => string.Join(' ', page.GetProperty("transitions").EnumerateArray().Select(static t => t.GetProperty("itemId").GetString()));
    }

    private static TransitionStreams Streams(LoopHost host) => host.App.Services.GetRequiredService<TransitionStreams>();

    private static Task<string> NoneOpenAsync(LoopHost host) => LoopHost.UntilAsync(() => Task.FromResult(Streams(host).Count == 0 ? "none" : null), "the end of all streams");
}
