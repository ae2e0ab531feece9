using System.Net;
using System.Text.Json;
using ClosedLoop.Testing.Time;

namespace ClosedLoop.AspNetCore.Tests;

public sealed class ItemReadTests
{
    [Fact]
    public async Task An_item_has_exactly_the_documented_fields()
    {
        await using var host = await LoopHost.StartAsync();
        await host.PostAsync("/api/items", """{"id":"BL-1","title":"Fix login","agent":{"name":"builder-7","model":"m 1","session":"s","iteration":2,"promptDigest":"sha256:aa"},"priority":"high"}""");
        await host.PostAsync("/api/items/BL-1/facts", """{"gate":"pr-opened","status":"passed","evidence":{"url":"https://git.example/pull/1","label":"PR 1"},"keys":["pr:Acme/Web#1"]}""");

        var item = await host.ReadAsync("/api/items/BL-1");

        Assert.Equal(
            "id title repository pipeline priority why currentGate furthestGate done doneAt doneDefinition abandoned waitingOn waitingSince overdue overdueGates openedAt updatedAt nextLookAt declared migration provenance changes gates",
            Names(item));
        Assert.Equal(
            "name status reason detail writer since evidence subject revision eligibleAt startBy finishBy settlesAt overdue refusedWriters",
            Names(item.GetProperty("gates")[0]));
        Assert.Equal("agent model session iteration promptDigest", Names(item.GetProperty("provenance")));
        Assert.Equal("url label", Names(item.GetProperty("gates")[0].GetProperty("evidence")));
        Assert.Equal("pr-opened", item.GetProperty("currentGate").GetString());
        Assert.Equal("merged", item.GetProperty("waitingOn").GetString());
        Assert.False(item.GetProperty("done").GetBoolean());
        Assert.Equal("passed", item.GetProperty("gates")[0].GetProperty("status").GetString());
        Assert.Equal("agent:builder-7", item.GetProperty("gates")[0].GetProperty("writer").GetString());
        Assert.Equal("https://git.example/pull/1", item.GetProperty("gates")[0].GetProperty("evidence").GetProperty("url").GetString());
        Assert.Equal(JsonValueKind.Null, item.GetProperty("gates")[2].GetProperty("evidence").ValueKind);
        Assert.Equal("none", item.GetProperty("gates")[2].GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Answers_are_JSON_that_is_asked_for_again_before_use_and_that_nobody_sniffs()
    {
        await using var host = await LoopHost.StartAsync();

        using var response = await host.SendAsync(HttpMethod.Get, "/api/items", "agent:builder-7");

        Assert.Equal("application/json; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("no-cache, private", response.Headers.CacheControl?.ToString());
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
    }

    [Fact]
    public async Task An_unknown_item_is_404_everywhere()
    {
        await using var host = await LoopHost.StartAsync();

        foreach (string path in (string[])["/api/items/none", "/api/items/none/transitions", "/api/items/none/diagram"])
        {
            using var response = await host.SendAsync(HttpMethod.Get, path, "agent:builder-7");
            await LoopHost.ProblemOf(response, 404, "not-found");
        }
    }

    [Fact]
    public async Task Markup_in_ids_and_titles_comes_back_as_the_same_text_and_is_never_markup_in_the_bytes()
    {
        const string Id = "<script>alert('x')</script>&\"";
        await using var host = await LoopHost.StartAsync();
        await host.PostAsync("/api/items", JsonSerializer.Serialize(new { id = Id, title = "</script><img src=x onerror=alert(1)>" }));

        // The slash stays escaped only on a real server (BodyLimitTests); the list needs no address.
        using var response = await host.SendAsync(HttpMethod.Get, "/api/items?q=" + Uri.EscapeDataString("<img"), "agent:builder-7");

        string text = await response.Content.ReadAsStringAsync();
        Assert.DoesNotContain("<", text, StringComparison.Ordinal);
        Assert.Equal(Id, (await LoopHost.JsonOf(response)).GetProperty("items")[0].GetProperty("id").GetString());
    }

    [Fact]
    public async Task Pages_hold_every_item_once_and_the_last_has_no_cursor()
    {
        await using var host = await LoopHost.StartAsync();
        for (int i = 0; i < 7; i++) await host.PostAsync("/api/items", $$"""{"id":"BL {{i}}/ü"}""");

        var seen = new List<string>();
        string? cursor = null;
        int pages = 0;
        do
        {
            var page = await host.ReadAsync($"/api/items?limit=3{(cursor is null ? "" : "&cursor=" + cursor)}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(static i => i.GetProperty("id").GetString()!));
            cursor = page.GetProperty("nextCursor").GetString();
            pages++;
        }
        while (cursor is not null && pages < 10);

        Assert.Equal(3, pages);
        Assert.Equal(Enumerable.Range(0, 7).Select(static i => $"BL {i}/ü"), seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Pages_go_on_after_the_longest_id_there_is()
    {
        await using var host = await LoopHost.StartAsync();
        // 507 characters and "item:" are the most that a key has; each takes three bytes.
        foreach (char last in "東京") await host.PostAsync("/api/items", JsonSerializer.Serialize(new { id = new string('漢', 506) + last }));

        var first = await host.ReadAsync("/api/items?limit=1");
        var second = await host.ReadAsync("/api/items?limit=1&cursor=" + first.GetProperty("nextCursor").GetString());

        Assert.NotEqual(first.GetProperty("items")[0].GetProperty("id").GetString(), second.GetProperty("items")[0].GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=501")]
    [InlineData("limit=many")]
    [InlineData("cursor=%21%21")]
    [InlineData("cursor=bm9uc2Vuc2U")]
    [InlineData("done=perhaps")]
    [InlineData("overdue=false")]
    public async Task A_query_that_cannot_be_meant_is_400(string query)
    {
        await using var host = await LoopHost.StartAsync();

        using var response = await host.SendAsync(HttpMethod.Get, "/api/items?" + query, "agent:builder-7");

        await LoopHost.ProblemOf(response, 400, "malformed");
    }

    [Fact]
    public async Task Items_are_found_by_what_they_wait_on_by_text_by_pipeline_and_by_being_done_or_overdue()
    {
        var time = new ManualTimeProvider(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));
        await using var host = await LoopHost.StartAsync(
            l => l.AddPipeline("delivery", p => p.UseDefaultGates()).AddPipeline("quick", p => p.Gate("done", g => g.WrittenBy("ci")).DoneWhen(Done.When("quick", "done"))), time: time);
        await host.PostAsync("/api/items", """{"id":"BL-1","title":"Login form"}""");
        await host.PostAsync("/api/items/BL-1/facts", """{"gate":"pr-opened","status":"passed","evidence":{"url":"https://git.example/1"}}""");
        await host.PostAsync("/api/items", """{"id":"BL-2","pipeline":"quick"}""");
        await host.PostAsync("/api/items/BL-2/facts", """{"gate":"done","status":"passed","evidence":{"url":"https://ci.example/1"}}""", "ci:nightly");
        time.Advance(TimeSpan.FromHours(3));

        Assert.Equal("BL-1", await Ids(host, "waitingOn=merged"));
        Assert.Equal("BL-1", await Ids(host, "q=LOGIN"));
        Assert.Equal("BL-2", await Ids(host, "pipeline=quick"));
        Assert.Equal("BL-2", await Ids(host, "done=true"));
        Assert.Equal("BL-1", await Ids(host, "done=false"));
        Assert.Equal("BL-1", await Ids(host, "overdue=true"));
        Assert.Equal("", await Ids(host, "q=nothing"));
        var late = await host.ReadAsync("/api/items/BL-1");
        Assert.True(late.GetProperty("overdue").GetBoolean());
        Assert.Equal("reviewed", Assert.Single(late.GetProperty("overdueGates").EnumerateArray()).GetString());
        Assert.NotEmpty(late.GetProperty("why").GetString()!);
    }

    [Fact]
    public async Task The_board_counts_items_at_each_gate_in_the_pipelines_order()
    {
        await using var host = await LoopHost.StartAsync();
        foreach (int i in (int[])[1, 2, 3]) await host.PostAsync("/api/items", $$"""{"id":"BL-{{i}}"}""");
        await host.PostAsync("/api/items/BL-2/facts", """{"gate":"pr-opened","status":"passed","evidence":{"url":"https://git.example/2"}}""");
        foreach (string gate in (string[])["merged", "main-ci"])
            await host.PostAsync("/api/items/BL-3/facts", $$"""{"gate":"{{gate}}","status":"passed","reason":"seen by eye"}""", "person:ann");

        var pipeline = Assert.Single((await host.ReadAsync("/api/board")).GetProperty("pipelines").EnumerateArray());

        Assert.Equal(Gates.Default, pipeline.GetProperty("gates").EnumerateArray().Select(static g => g.GetProperty("gate").GetString()!));
        Assert.Equal("merged main-ci", string.Join(' ', pipeline.GetProperty("doneGates").EnumerateArray().Select(static g => g.GetString())));
        Assert.Equal((3, 1, 2, 0, 2), (Count("total"), Count("done"), Count("open"), Count("abandoned"), Count("beforeFirst")));
        Assert.Equal((0, 1, 1), Gate("pr-opened"));
        Assert.Equal((2, 0, 0), Gate("merged"));

        int Count(string name) => pipeline.GetProperty(name).GetInt32();
        (int Waiting, int At, int Passed) Gate(string name)
        {
            var gate = pipeline.GetProperty("gates").EnumerateArray().Single(g => g.GetProperty("gate").GetString() == name);
            return (gate.GetProperty("waiting").GetInt32(), gate.GetProperty("at").GetInt32(), gate.GetProperty("passed").GetInt32());
        }
    }

    [Fact]
    public async Task The_board_and_the_list_narrow_to_an_agent_or_a_priority_and_then_count_only_what_is_open()
    {
        var time = new ManualTimeProvider();
        await using var host = await LoopHost.StartAsync(time: time);
        await host.PostAsync("/api/items", """{"id":"BL-1","priority":"P0","agent":{"name":"alpha"}}""");
        time.Advance(TimeSpan.FromMinutes(1));
        await host.PostAsync("/api/items", """{"id":"BL-2","priority":"P1","agent":{"name":"beta"}}""");

        Assert.Equal("BL-1", await Ids(host, "agent=alpha"));
        Assert.Equal("BL-2", await Ids(host, "priority=P1&open=true"));
        Assert.Equal("", await Ids(host, "repository=acme/web"));
        Assert.Equal("BL-1 BL-2", await Ids(host, "order=longestWaiting"));
        var pipeline = Assert.Single((await host.ReadAsync("/api/board?priority=P0")).GetProperty("pipelines").EnumerateArray());
        Assert.Equal((1, JsonValueKind.Null, JsonValueKind.Null), (pipeline.GetProperty("open").GetInt32(), pipeline.GetProperty("done").ValueKind, pipeline.GetProperty("total").ValueKind));
        Assert.Equal("2026-01-05T09:00:00+00:00", pipeline.GetProperty("oldestSince").GetString());
        Assert.Equal(["alpha", "beta"], (await host.ReadAsync("/api/board/facets")).GetProperty("agents").EnumerateArray().Select(static a => a.GetProperty("name").GetString()));
        using var bad = await host.SendAsync(HttpMethod.Get, "/api/items?order=best", "agent:builder-7");
        await LoopHost.ProblemOf(bad, 400, "malformed");
    }

    [Fact]
    public async Task Transitions_are_read_on_from_where_the_last_page_ended()
    {
        await using var host = await LoopHost.StartAsync();
        await host.PostAsync("/api/items", """{"id":"BL-1"}""");
        await host.PostAsync("/api/items/BL-1/facts", """{"gate":"pr-opened","status":"passed","evidence":{"url":"https://git.example/1"}}""");

        var first = await host.ReadAsync("/api/items/BL-1/transitions?limit=1");
        var rest = await host.ReadAsync("/api/items/BL-1/transitions?after=" + first.GetProperty("next").GetInt64());
        var end = await host.ReadAsync("/api/items/BL-1/transitions?after=" + rest.GetProperty("next").GetInt64());

        Assert.Equal("opened", Assert.Single(first.GetProperty("transitions").EnumerateArray()).GetProperty("kind").GetString());
        var passed = rest.GetProperty("transitions").EnumerateArray().Single(static t => t.GetProperty("gate").GetString() == "pr-opened");
        Assert.Equal(("gate", "waiting", "passed"), (passed.GetProperty("kind").GetString(), passed.GetProperty("from").GetString(), passed.GetProperty("to").GetString()));
        Assert.Equal(0, end.GetProperty("transitions").GetArrayLength());
        Assert.Equal(rest.GetProperty("next").GetInt64(), end.GetProperty("next").GetInt64());
    }

    [Fact]
    public async Task The_diagram_is_plain_text_for_Mermaid()
    {
        await using var host = await LoopHost.StartAsync();
        await host.PostAsync("/api/items", """{"id":"BL-1"}""");

        using var response = await host.SendAsync(HttpMethod.Get, "/api/items/BL-1/diagram", "agent:builder-7");

        Assert.Equal("text/plain; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.StartsWith("flowchart LR\n", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DELETE", "/api/items", "GET, HEAD, POST")]
    [InlineData("PUT", "/api/items/BL-1", "GET, HEAD")]
    [InlineData("GET", "/api/items/BL-1/facts", "POST")]
    [InlineData("POST", "/api/board", "GET, HEAD")]
    public async Task Another_method_is_405_and_told_which_are_taken(string method, string path, string allow)
    {
        await using var host = await LoopHost.StartAsync();

        using var response = await host.SendAsync(new HttpMethod(method), path, "agent:builder-7");

        await LoopHost.ProblemOf(response, 405, "method-not-allowed");
        Assert.Equal(allow, string.Join(", ", response.Content.Headers.Allow));
    }

    [Fact]
    public async Task A_failure_of_ours_is_500_without_its_cause()
    {
        var store = new GatedStore();
        await using var host = await LoopHost.StartAsync(l => l.UseStore(_ => store));
        await host.ReadAsync("/api/board");
        store.Failure = new InvalidOperationException("Password=hunter2");

        using var response = await host.SendAsync(HttpMethod.Get, "/api/items/BL-1", "agent:builder-7");

        Assert.DoesNotContain("hunter2", await LoopHost.ProblemOf(response, 500, "failed"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task HEAD_answers_like_GET_without_a_body()
    {
        await using var host = await LoopHost.StartAsync();

        using var response = await host.SendAsync(HttpMethod.Head, "/api/board", "agent:builder-7");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    private static string Names(JsonElement element) => string.Join(' ', element.EnumerateObject().Select(static p => p.Name));

    private static async Task<string> Ids(LoopHost host, string query) =>
        string.Join(' ', (await host.ReadAsync("/api/items?" + query)).GetProperty("items").EnumerateArray().Select(static i => i.GetProperty("id").GetString()));
}
