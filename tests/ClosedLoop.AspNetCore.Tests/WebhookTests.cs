using System.Net;
using System.Text;
using ClosedLoop.Storage;
using ClosedLoop.Testing.Time;

namespace ClosedLoop.AspNetCore.Tests;

public sealed class WebhookTests
{
    [Fact]
    public async Task An_authentic_delivery_is_recorded_and_answered_with_success()
    {
        await using var host = await LoopHost.StartAsync();
        await host.PostAsync("/api/items", """{"id":"BL-1"}""");

        using var response = await host.HookAsync(TestAdapter.Body("BL-1"));

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("accepted", (await LoopHost.JsonOf(response)).GetProperty("outcome").GetString());
        var item = await host.ReadAsync("/api/items/BL-1");
        Assert.Equal("passed", item.GetProperty("gates").EnumerateArray().Single(g => g.GetProperty("name").GetString() == "main-ci").GetProperty("status").GetString());
    }

    [Fact]
    public async Task The_same_delivery_again_is_a_success_and_changes_nothing()
    {
        await using var host = await LoopHost.StartAsync();
        await host.HookAsync(TestAdapter.Body("BL-1"), delivery: "d-1");

        using var again = await host.HookAsync(TestAdapter.Body("BL-1"), delivery: "d-1");

        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal("duplicate", (await LoopHost.JsonOf(again)).GetProperty("outcome").GetString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("wrong")]
    public async Task A_missing_or_wrong_signature_is_401_and_nothing_is_kept(string? secret)
    {
        await using var host = await LoopHost.StartAsync();

        using var response = await host.HookAsync("this is not even json", secret);

        string detail = await LoopHost.ProblemOf(response, 401, "bad-signature");
        Assert.DoesNotContain("not even", detail, StringComparison.Ordinal);
        Assert.Equal(0, (await host.ReadAsync("/api/quarantine")).GetProperty("entries").GetArrayLength());
    }

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("<html>secret-looking-text</html>")]
    [InlineData("""{"no":"event"}""")]
    [InlineData("""{"event":"gate","item":7}""")]
    public async Task An_authentic_but_malformed_delivery_is_400_and_kept_aside(string body)
    {
        await using var host = await LoopHost.StartAsync();

        using var response = await host.HookAsync(body);

        string detail = await LoopHost.ProblemOf(response, 400, "malformed");
        Assert.DoesNotContain("secret-looking-text", detail, StringComparison.Ordinal);
        var entry = Assert.Single((await host.ReadAsync("/api/quarantine")).GetProperty("entries").EnumerateArray());
        Assert.Equal("malformed", entry.GetProperty("kind").GetString());
        Assert.Equal("test", entry.GetProperty("source").GetString());
        Assert.Equal(Encoding.UTF8.GetByteCount(body), entry.GetProperty("bytes").GetInt32());
    }

    [Fact]
    public async Task A_sender_that_repeats_on_errors_is_answered_202_for_a_malformed_delivery_which_is_kept_aside()
    {
        await using var host = await LoopHost.StartAsync(l => l.AddAdapter(_ => new TestAdapter().Register("registry", malformedStatus: 202)));

        using var response = await host.HookAsync("{", path: "/hooks/registry");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("malformed", (await LoopHost.JsonOf(response)).GetProperty("outcome").GetString());
        Assert.Single((await host.ReadAsync("/api/quarantine")).GetProperty("entries").EnumerateArray());
    }

    [Fact]
    public async Task An_unknown_event_is_202_and_counted()
    {
        await using var host = await LoopHost.StartAsync();
        using var counted = new CountedDeliveries("an-event-nobody-knows");

        using var response = await host.HookAsync("""{"event":"an-event-nobody-knows"}""");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("ignored", (await LoopHost.JsonOf(response)).GetProperty("outcome").GetString());
        Assert.Equal(1, counted.Total);
    }

    [Fact]
    public async Task A_delivery_about_an_unknown_item_is_parked_and_joins_when_the_item_is_opened()
    {
        await using var host = await LoopHost.StartAsync();

        using var response = await host.HookAsync(TestAdapter.Body("BL-9"));
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        using var before = await host.SendAsync(HttpMethod.Get, "/api/items/BL-9", "agent:builder-7");
        await LoopHost.ProblemOf(before, 404, "not-found");
        await host.PostAsync("/api/items", """{"id":"BL-9"}""");

        Assert.Equal("main-ci", (await host.ReadAsync("/api/items/BL-9")).GetProperty("furthestGate").GetString());
    }

    [Fact]
    public async Task An_adapter_that_does_not_exist_is_404()
    {
        await using var host = await LoopHost.StartAsync();

        using var response = await host.HookAsync("{}", path: "/hooks/nobody");

        await LoopHost.ProblemOf(response, 404, "not-found");
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Only_POST_is_taken(string method)
    {
        await using var host = await LoopHost.StartAsync();

        using var response = await host.SendAsync(new HttpMethod(method), "/hooks/test");

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal("POST", Assert.Single(response.Content.Headers.Allow));
    }

    [Fact]
    public async Task The_adapter_sees_the_raw_bytes_the_headers_in_any_case_the_query_and_the_hosts_clock()
    {
        var adapter = new TestAdapter();
        var time = new ManualTimeProvider(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));
        await using var host = await LoopHost.StartAsync(adapter: adapter, time: time);
        byte[] raw = [0xEF, 0xBB, 0xBF, (byte)'{', 0xFF, 0x00, (byte)'}', (byte)'\r', (byte)'\n'];
        var request = new HttpRequestMessage(HttpMethod.Post, "/hooks/TEST?job=a%20b&x=1") { Content = new ByteArrayContent(raw) };
        request.Headers.Add(TestAdapter.SecretHeader, TestAdapter.Secret);
        request.Headers.Add("X-Many", ["one", "two"]);

        await host.Client.SendAsync(request);

        Assert.Equal(raw, adapter.Last.Body.ToArray());
        Assert.Equal("test", adapter.Last.Source);
        Assert.Equal("one,two", adapter.Last.Header("x-MANY")?.Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal("job=a%20b&x=1", adapter.Last.Query);
        Assert.Equal(time.GetUtcNow(), adapter.Last.ReceivedAt);
    }

    [Fact]
    public async Task A_full_queue_is_503_with_a_time_to_try_again_and_what_waited_is_recorded()
    {
        var store = new GatedStore();
        await using var host = await LoopHost.StartAsync(l => l.UseStore(_ => store).ConfigureIntake(static o => o.QueueCapacity = 1));
        store.IsHeld = true;
        var committing = host.HookAsync(TestAdapter.Body("BL-1"));
        await store.Entered;

        // One of these two takes the only place in the queue; the other must be told to come again.
        var second = host.HookAsync(TestAdapter.Body("BL-2"));
        var third = host.HookAsync(TestAdapter.Body("BL-3"));
        var refused = await Task.WhenAny(second, third);
        var queued = refused == second ? third : second;
        await LoopHost.ProblemOf(await refused, 503, "busy");
        Assert.Equal(TimeSpan.FromSeconds(5), (await refused).Headers.RetryAfter?.Delta);
        store.Release();

        Assert.Equal(HttpStatusCode.Accepted, (await committing).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await queued).StatusCode);
    }

    [Fact]
    public async Task A_store_that_is_not_available_is_503_with_a_time_to_try_again()
    {
        var store = new GatedStore();
        await using var host = await LoopHost.StartAsync(l => l.UseStore(_ => store));
        await host.ReadAsync("/api/board");
        store.Failure = new StoreUnavailableException("the disk is full");

        using var hook = await host.HookAsync(TestAdapter.Body("BL-1"));
        using var read = await host.SendAsync(HttpMethod.Get, "/api/items/BL-1", "agent:builder-7");

        await LoopHost.ProblemOf(hook, 503, "busy");
        await LoopHost.ProblemOf(read, 503, "busy");
        Assert.NotNull(hook.Headers.RetryAfter);
        Assert.NotNull(read.Headers.RetryAfter);
    }

    [Fact]
    public async Task A_delivery_before_the_engine_has_started_finds_a_prepared_store()
    {
        var store = new GatedStore();
        await using var host = await LoopHost.StartAsync(l =>
        {
            l.UseStore(_ => store);
            // Without its hosted service nothing but the delivery itself can prepare the store.
            l.Services.Remove(l.Services.Single(static d => d.ImplementationType?.Name == "EngineService"));
        });
        Assert.False(store.IsInitialized);

        using var response = await host.HookAsync(TestAdapter.Body("BL-1"));

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.True(store.IsInitialized);
    }
}
