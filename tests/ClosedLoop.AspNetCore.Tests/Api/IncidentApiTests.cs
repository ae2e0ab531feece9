using System.Net;
using System.Text.Json;
using ClosedLoop.Alerting;
using ClosedLoop.Alerting.HandOffs;
using ClosedLoop.Testing.Time;

namespace ClosedLoop.AspNetCore.Tests.Api;

public sealed class IncidentApiTests
{
    private const string Agent = "agent:builder-7";
    private const string Person = "person:ann";

    [Fact]
    public async Task Without_alerting_the_addresses_say_how_to_add_it()
    {
        await using var host = await LoopHost.StartAsync();

        foreach (var (method, path) in ((HttpMethod, string)[])[(HttpMethod.Get, "/api/incidents"), (HttpMethod.Get, "/api/incidents/x"), (HttpMethod.Post, "/api/incidents/x/close"), (HttpMethod.Post, "/api/incidents/x/hand-off")])
        {
            using var response = await host.SendAsync(method, path, Person, method == HttpMethod.Post ? "{}" : null);
            Assert.Contains("AddAlerting", await LoopHost.ProblemOf(response, 404, "not-found"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_incident_is_listed_read_acknowledged_silenced_and_closed_in_the_callers_name()
    {
        var time = new ManualTimeProvider();
        await using var host = await StartAsync(time);
        var listed = await FireAsync(host, time);
        string path = "/api/incidents/" + listed.GetProperty("id").GetString();

        Assert.Equal(("firing", "gate", "reviewed", 1), (Text(listed, "state"), Text(listed, "causeKind"), Text(listed, "gate"), listed.GetProperty("count").GetInt32()));
        Assert.Equal(listed.GetProperty("id").GetString(), Text(await host.ReadAsync(path), "id"));
        var acknowledged = await TakenAsync(host, path + "/acknowledge", """{"note":"<b>on it</b>","by":"eve"}""");
        Assert.Equal(("acknowledged", "ann", "<b>on it</b>"), (Text(acknowledged, "state"), Text(acknowledged, "by"), Text(acknowledged, "note")));
        var silenced = await TakenAsync(host, path + "/silence", JsonSerializer.Serialize(new { until = time.GetUtcNow().AddHours(2) }));
        Assert.Equal("silenced", Text(silenced, "state"));
        Assert.Equal("closed", Text(await TakenAsync(host, path + "/close", "{}"), "state"));

        using var again = await host.SendAsync(HttpMethod.Post, path + "/acknowledge", Person, "{}");
        await LoopHost.ProblemOf(again, 409, "conflict");
    }

    [Fact]
    public async Task No_agent_or_machine_decides_about_incidents()
    {
        var time = new ManualTimeProvider();
        await using var host = await StartAsync(time);
        string path = "/api/incidents/" + (await FireAsync(host, time)).GetProperty("id").GetString();

        foreach (string writer in (string[])[Agent, "ci:nightly", "host:portal"])
        {
            foreach (string what in (string[])["acknowledge", "silence", "close"])
            {
                using var response = await host.SendAsync(HttpMethod.Post, $"{path}/{what}", writer, """{"note":"x","until":"2026-01-05T18:00:00Z"}""");
                await LoopHost.ProblemOf(response, 403, "refused");
            }
        }
        Assert.Equal("firing", Text(await host.ReadAsync(path), "state"));
        using var unknown = await host.SendAsync(HttpMethod.Post, path + "/acknowledge", json: "{}");
        await LoopHost.ProblemOf(unknown, 401, "unauthorized");
    }

    [Theory]
    [InlineData("silence", "{}")]
    [InlineData("silence", """{"until":"2020-01-01T00:00:00Z"}""")]
    [InlineData("silence", """{"until":"2099-01-01T00:00:00Z"}""")]
    [InlineData("silence", """{"until":"tomorrow"}""")]
    [InlineData("acknowledge", """{"note":"a\u0000b"}""")]
    [InlineData("hand-off", """{"answer":"perhaps"}""")]
    public async Task A_decision_that_cannot_be_meant_is_400(string what, string json)
    {
        var time = new ManualTimeProvider();
        await using var host = await StartAsync(time);
        string path = "/api/incidents/" + (await FireAsync(host, time)).GetProperty("id").GetString();

        using var response = await host.SendAsync(HttpMethod.Post, $"{path}/{what}", Person, json);

        await LoopHost.ProblemOf(response, 400, "malformed");
    }

    [Fact]
    public async Task An_agent_answers_the_incident_that_it_was_handed_and_no_other()
    {
        var time = new ManualTimeProvider();
        await using var mine = await StartAsync(time, a => a.AddHandOff(o => o.Name = "builder-7", static (_, _) => new(new HandOffReply(null))));
        string path = "/api/incidents/" + (await FireAsync(mine, time)).GetProperty("id").GetString();
        var otherTime = new ManualTimeProvider();
        await using var others = await StartAsync(otherTime, a => a.AddHandOff(o => o.Name = "somebody", static (_, _) => new(new HandOffReply(null))));
        string otherPath = "/api/incidents/" + (await FireAsync(others, otherTime)).GetProperty("id").GetString();

        using var taken = await mine.PostAsync(path + "/hand-off", """{"answer":"accepted","note":"looking"}""");
        using var person = await mine.SendAsync(HttpMethod.Post, path + "/hand-off", Person, """{"answer":"accepted"}""");
        using var foreign = await others.PostAsync(otherPath + "/hand-off", """{"answer":"accepted"}""");

        var handOff = (await LoopHost.JsonOf(taken)).GetProperty("handOff");
        Assert.Equal(("builder-7", "accepted", "looking"), (Text(handOff, "agent"), Text(handOff, "answer"), Text(handOff, "note")));
        await LoopHost.ProblemOf(person, 403, "refused");
        await LoopHost.ProblemOf(foreign, 403, "refused");
    }

    [Fact]
    public async Task What_was_handed_to_nobody_has_nothing_to_answer_and_an_unknown_incident_is_404()
    {
        var time = new ManualTimeProvider();
        await using var host = await StartAsync(time);
        string path = "/api/incidents/" + (await FireAsync(host, time)).GetProperty("id").GetString();

        using var nobody = await host.PostAsync(path + "/hand-off", """{"answer":"declined"}""");
        using var unknown = await host.SendAsync(HttpMethod.Post, "/api/incidents/none/close", Person, "{}");
        using var read = await host.SendAsync(HttpMethod.Get, "/api/incidents/%3Cb%3E%20x", Person);

        await LoopHost.ProblemOf(nobody, 409, "conflict");
        await LoopHost.ProblemOf(unknown, 404, "not-found");
        await LoopHost.ProblemOf(read, 404, "not-found");
    }

    [Fact]
    public async Task Pages_of_incidents_hold_each_once_and_filters_narrow_them()
    {
        var time = new ManualTimeProvider();
        await using var host = await StartAsync(time);
        string[] gates = ["reviewed", "merged", "main-ci"];
        for (int held = 0; held < 3; held++)
        {
            await OpenAsync(host, $"BL-{held}", $"acme/r{held}");
            // Each is held up at another gate.
            foreach (string gate in gates.Take(held == 0 ? 0 : held + 1))
                using (await host.PostAsync($"/api/items/BL-{held}/facts", $$"""{"gate":"{{gate}}","status":"passed","reason":"seen by eye"}""", Person)) { }
        }
        time.Advance(TimeSpan.FromHours(3));
        await LoopHost.UntilAsync(async () => (await host.ReadAsync("/api/incidents")).GetProperty("incidents").GetArrayLength() == 3 ? "all" : null, "three incidents", time);

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await host.ReadAsync($"/api/incidents?limit=1{(cursor is null ? "" : "&cursor=" + cursor)}");
            seen.AddRange(page.GetProperty("incidents").EnumerateArray().Select(static i => Text(i, "gate")!));
            cursor = Text(page, "nextCursor");
        }
        while (cursor is not null);

        Assert.Equal(["image-built", "main-ci", "reviewed"], seen.Order());
        Assert.Equal(1, (await host.ReadAsync("/api/incidents?gate=reviewed&causeKind=gate")).GetProperty("incidents").GetArrayLength());
        Assert.Equal(0, (await host.ReadAsync("/api/incidents?gate=reviewed&severity=critical")).GetProperty("incidents").GetArrayLength());
    }

    private static Task<LoopHost> StartAsync(ManualTimeProvider time, Action<AlertingBuilder>? configure = null) => LoopHost.StartAsync(l => l.AddAlerting(configure), time: time);

    private static async Task<JsonElement> FireAsync(LoopHost host, ManualTimeProvider time)
    {
        await OpenAsync(host, "BL-1", "acme/web");
        time.Advance(TimeSpan.FromHours(3));
        await LoopHost.UntilAsync(async () => (await host.ReadAsync("/api/incidents")).GetProperty("incidents").GetArrayLength() > 0 ? "one" : null, "an incident", time);
        return (await host.ReadAsync("/api/incidents")).GetProperty("incidents")[0];
    }

    private static async Task OpenAsync(LoopHost host, string id, string repository)
    {
        using var opened = await host.PostAsync("/api/items", $$"""{"id":"{{id}}","keys":["pr:{{repository}}#1"]}""");
        using var passed = await host.PostAsync($"/api/items/{id}/facts", """{"gate":"pr-opened","status":"passed","evidence":{"url":"https://git.example/1"}}""");
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (opened.StatusCode, passed.StatusCode));
    }

    private static async Task<JsonElement> TakenAsync(LoopHost host, string path, string json)
    {
        using var response = await host.SendAsync(HttpMethod.Post, path, Person, json);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return await LoopHost.JsonOf(response);
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
