using System.Net;
using System.Text;
using System.Text.Json;
using ClosedLoop.Facts;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.AspNetCore.Tests;

public sealed class ItemWriteTests
{
    private const string Passed = """{"gate":"pr-opened","status":"passed","evidence":{"url":"https://git.example/pull/1"}}""";

    [Fact]
    public async Task Opening_an_item_is_201_with_its_address_and_again_200()
    {
        await using var host = await LoopHost.StartAsync();

        using var first = await host.PostAsync("/api/items", """{"id":"BL-1","title":"Fix login","unknown":{"member":1}}""");
        using var second = await host.PostAsync("/api/items", """{"id":"BL-1","title":"Fix the login"}""");

        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.Equal("/api/items/BL-1", first.Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Equal("Fix the login", (await LoopHost.JsonOf(second)).GetProperty("title").GetString());
    }

    [Fact]
    public async Task An_agent_that_names_no_agent_is_the_agent()
    {
        await using var host = await LoopHost.StartAsync();

        using var byAgent = await host.PostAsync("/api/items", """{"id":"BL-1","agent":{"model":"m 1"}}""");
        using var byPerson = await host.PostAsync("/api/items", """{"id":"BL-2"}""", "person:ann");

        var provenance = (await LoopHost.JsonOf(byAgent)).GetProperty("provenance");
        Assert.Equal(("builder-7", "m 1"), (provenance.GetProperty("agent").GetString(), provenance.GetProperty("model").GetString()));
        Assert.Equal(JsonValueKind.Null, (await LoopHost.JsonOf(byPerson)).GetProperty("provenance").ValueKind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"id\":")]
    [InlineData("""{"id":7}""")]
    [InlineData("""{}""")]
    [InlineData("""{"id":"  "}""")]
    [InlineData("""{"id":"a\u0007b"}""")]
    [InlineData("""{"id":"BL-1","title":"\ud800"}""")]
    [InlineData("""{"id":"BL-1","title":"nul \u0000"}""")]
    [InlineData("""{"id":"BL-1","pipeline":"none"}""")]
    [InlineData("""{"id":"BL-1","keys":["nothing"]}""")]
    [InlineData("""{"id":"BL-1","keys":[null]}""")]
    [InlineData("""{"id":"BL-1","keys":["item:BL-2"]}""")]
    [InlineData("""{"id":"BL-1","keys":["pr:acme/web"]}""")]
    [InlineData("""{"id":"BL-1","agent":{"iteration":0}}""")]
    public async Task A_malformed_item_is_400_and_nothing_is_recorded(string json)
    {
        await using var host = await LoopHost.StartAsync();

        using var response = await host.PostAsync("/api/items", json);

        await LoopHost.ProblemOf(response, 400, "malformed");
        Assert.Equal(0, (await host.ReadAsync("/api/items")).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Malformed_JSON_is_told_where_and_what_was_expected()
    {
        await using var host = await LoopHost.StartAsync();

        using var response = await host.PostAsync("/api/items", "{\n  \"id\": oops");

        string detail = await LoopHost.ProblemOf(response, 400, "malformed");
        Assert.Contains("line 2", detail, StringComparison.Ordinal);
        Assert.Contains("\"BL-42\"", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("oops", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_id_that_is_too_long_is_400_and_not_repeated()
    {
        await using var host = await LoopHost.StartAsync();

        using var response = await host.PostAsync("/api/items", $$"""{"id":"{{new string('x', 600)}}"}""");

        Assert.DoesNotContain("xxxx", await LoopHost.ProblemOf(response, 400, "malformed"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_is_not_declared_as_JSON_is_415_so_that_a_form_of_another_site_cannot_write()
    {
        await using var host = await LoopHost.StartAsync();
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/items") { Content = new StringContent("""{"id":"BL-1"}""", Encoding.UTF8, "text/plain") };
        request.Headers.Authorization = new("Bearer", LoopHost.Token("agent:builder-7"));

        using var response = await host.Client.SendAsync(request);

        await LoopHost.ProblemOf(response, 415, "not-json");
    }

    [Fact]
    public async Task An_agent_that_claims_a_gate_it_does_not_own_is_403_with_the_reason_and_the_claim_is_kept_aside()
    {
        await using var host = await LoopHost.StartAsync();
        await host.PostAsync("/api/items", """{"id":"BL-1"}""");

        using var response = await host.PostAsync("/api/items/BL-1/facts", """{"gate":"main-ci","status":"passed","evidence":{"url":"https://agent.example/fine"}}""");

        Assert.Contains("agent:builder-7 may not write main-ci", await LoopHost.ProblemOf(response, 403, "refused"), StringComparison.Ordinal);
        var entry = Assert.Single((await host.ReadAsync("/api/quarantine")).GetProperty("entries").EnumerateArray());
        Assert.Equal(("refused", "api:agent:builder-7"), (entry.GetProperty("kind").GetString(), entry.GetProperty("source").GetString()));
        Assert.Equal(JsonValueKind.Null, (await host.ReadAsync("/api/items/BL-1")).GetProperty("furthestGate").ValueKind);
    }

    [Fact]
    public async Task The_body_cannot_name_another_writer()
    {
        await using var host = await LoopHost.StartAsync();
        await host.PostAsync("/api/items", """{"id":"BL-1"}""");

        using var response = await host.PostAsync(
            "/api/items/BL-1/facts", """{"gate":"main-ci","status":"passed","writer":"ci:nightly","person":"ann","evidence":{"url":"https://agent.example/fine"}}""");

        await LoopHost.ProblemOf(response, 403, "refused");
    }

    [Fact]
    public async Task A_persons_waiver_is_visible_with_name_and_reason()
    {
        await using var host = await LoopHost.StartAsync();
        await host.PostAsync("/api/items", """{"id":"BL-1"}""");

        using var response = await host.PostAsync("/api/items/BL-1/facts", """{"gate":"reviewed","status":"waived","reason":"a typo in a comment"}""", "person:ann");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var gate = Gate(await host.ReadAsync("/api/items/BL-1"), "reviewed");
        Assert.Equal(
            ("notApplicable", "waived", "person:ann", "a typo in a comment"),
            (gate.GetProperty("status").GetString(), gate.GetProperty("reason").GetString(), gate.GetProperty("writer").GetString(), gate.GetProperty("detail").GetString()));
    }

    [Fact]
    public async Task A_person_takes_a_waiver_back_by_saying_that_the_gate_waits()
    {
        await using var host = await LoopHost.StartAsync();
        await host.PostAsync("/api/items", """{"id":"BL-1"}""");
        await host.PostAsync("/api/items/BL-1/facts", """{"gate":"reviewed","status":"waived","reason":"a typo"}""", "person:ann");

        using var response = await host.PostAsync("/api/items/BL-1/facts", """{"gate":"reviewed","status":"waiting","detail":"it was more than that"}""", "person:ann");

        Assert.Equal("waiting", Gate(await LoopHost.JsonOf(response), "reviewed").GetProperty("status").GetString());
    }

    [Fact]
    public async Task What_a_person_records_by_hand_says_so_and_needs_a_reason()
    {
        await using var host = await LoopHost.StartAsync();
        await host.PostAsync("/api/items", """{"id":"BL-1"}""");

        using var without = await host.PostAsync("/api/items/BL-1/facts", """{"gate":"main-ci","status":"passed"}""", "person:ann");
        using var response = await host.PostAsync("/api/items/BL-1/facts", """{"gate":"main-ci","status":"passed","reason":"CI is down; built by hand"}""", "person:ann");

        Assert.Contains("'reason'", await LoopHost.ProblemOf(without, 400, "malformed"), StringComparison.Ordinal);
        var gate = Gate(await LoopHost.JsonOf(response), "main-ci");
        Assert.Equal(("passed", "recorded", "person:ann"), (gate.GetProperty("status").GetString(), gate.GetProperty("reason").GetString(), gate.GetProperty("writer").GetString()));
    }

    [Fact]
    public async Task Only_a_person_can_waive_and_the_attempt_of_another_is_kept_aside()
    {
        await using var host = await LoopHost.StartAsync();
        await host.PostAsync("/api/items", """{"id":"BL-1"}""");

        using var first = await host.PostAsync("/api/items/BL-1/facts", """{"gate":"pr-opened","status":"waived","reason":"I say so","evidence":{"url":"https://a.example"}}""");
        using var response = await host.PostAsync("/api/items/BL-1/facts", """{"gate":"pr-opened","status":"waived","reason":"I say so","evidence":{"url":"https://a.example"}}""");

        await LoopHost.ProblemOf(first, 403, "refused");
        await LoopHost.ProblemOf(response, 403, "refused");
        // Kept once, however often it is asked for: an agent that tries again and again must not fill the quarantine.
        Assert.Contains("may not waive pr-opened", Assert.Single((await host.ReadAsync("/api/quarantine")).GetProperty("entries").EnumerateArray()).GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("waiting", Gate(await host.ReadAsync("/api/items/BL-1"), "pr-opened").GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("""{"status":"passed"}""", "pr-opened, reviewed, merged, main-ci")]
    [InlineData("""{"gate":"main-cy","status":"passed"}""", "pr-opened, reviewed, merged, main-ci")]
    [InlineData("""{"gate":"pr-opened"}""", "waived")]
    [InlineData("""{"gate":"pr-opened","status":"green"}""", "notApplicable")]
    [InlineData("""{"gate":"pr-opened","status":"2"}""", "notApplicable")]
    [InlineData("""{"gate":"pr-opened","status":"passed"}""", "evidence.url")]
    [InlineData("""{"gate":"pr-opened","status":"passed","evidence":{"label":"trust me"}}""", "evidence.url")]
    [InlineData("""{"gate":"pr-opened","status":"notApplicable"}""", "evidence.url")]
    [InlineData("""{"gate":"pr-opened","status":"passed","evidence":{"url":"javascript:alert(1)"}}""", "http")]
    [InlineData("""{"gate":"pr-opened","status":"passed","evidence":{"url":"/relative"}}""", "http")]
    public async Task A_fact_that_says_too_little_or_nonsense_is_400_and_told_what_was_expected(string json, string expected)
    {
        await using var host = await LoopHost.StartAsync();
        await host.PostAsync("/api/items", """{"id":"BL-1"}""");

        using var response = await host.PostAsync("/api/items/BL-1/facts", json);

        Assert.Contains(expected, await LoopHost.ProblemOf(response, 400, "malformed"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fact_about_an_item_that_nobody_opened_is_202_and_shows_once_it_is_opened()
    {
        await using var host = await LoopHost.StartAsync();

        using var parked = await host.PostAsync("/api/items/BL-1/facts", Passed);
        using var opened = await host.PostAsync("/api/items", """{"id":"BL-1"}""");

        Assert.Equal(HttpStatusCode.Accepted, parked.StatusCode);
        Assert.Equal("parked", (await LoopHost.JsonOf(parked)).GetProperty("outcome").GetString());
        Assert.Equal(HttpStatusCode.Created, opened.StatusCode);
        Assert.Equal("pr-opened", (await LoopHost.JsonOf(opened)).GetProperty("currentGate").GetString());
    }

    [Fact]
    public async Task Keys_in_any_spelling_join_what_adapters_write_in_lower_case()
    {
        await using var host = await LoopHost.StartAsync();
        await host.PostAsync("/api/items", """{"id":"BL-1"}""");

        using var response = await host.PostAsync("/api/items/BL-1/links", """{"keys":["pr:Acme/Web#012","branch:Acme/Web@feature/Login"]}""");
        using var evidence = await host.PostAsync("/api/items/BL-1/links", """{"keys":["image:sha256:ab"]}""");
        Assert.Contains("may not link image:sha256:ab", await LoopHost.ProblemOf(evidence, 403, "refused"), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var github = host.App.Services.GetRequiredService<IClosedLoop>().As(new Writer(WriterRoles.SourceControl, "github"));
        await github.RecordFactsAsync([new Fact
        {
            Subject = Key.PullRequest("acme/web", 12), Kind = Gates.PrOpened, Writer = github.Writer, Ordinal = new Ordinal(1), Status = GateStatus.Passed,
            OccurredAt = new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero),
        }]);
        var change = Assert.Single((await host.ReadAsync("/api/items/BL-1")).GetProperty("changes").EnumerateArray());
        Assert.Equal("pr:acme/web#12", change.GetProperty("change").GetString());
    }

    [Fact]
    public async Task Links_need_a_key_and_a_writer_that_may_link()
    {
        await using var host = await LoopHost.StartAsync();
        await host.PostAsync("/api/items", """{"id":"BL-1"}""");

        using var none = await host.PostAsync("/api/items/BL-1/links", """{"keys":[]}""");
        using var ci = await host.PostAsync("/api/items/BL-1/links", """{"keys":["pr:acme/web#1"]}""", "ci:nightly");

        await LoopHost.ProblemOf(none, 400, "malformed");
        Assert.Contains("may link what it makes to what it was made from", await LoopHost.ProblemOf(ci, 403, "refused"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_queue_is_503_with_a_time_to_try_again()
    {
        var store = new GatedStore();
        await using var host = await LoopHost.StartAsync(l => l.UseStore(_ => store).ConfigureIntake(static o => o.QueueCapacity = 1));
        store.IsHeld = true;
        var committing = host.PostAsync("/api/items", """{"id":"BL-1"}""");
        await store.Entered;

        var second = host.PostAsync("/api/items", """{"id":"BL-2"}""");
        var third = host.PostAsync("/api/items", """{"id":"BL-3"}""");
        var refused = await Task.WhenAny(second, third);
        await LoopHost.ProblemOf(await refused, 503, "busy");
        Assert.NotNull((await refused).Headers.RetryAfter?.Delta);
        store.Release();

        Assert.Equal(HttpStatusCode.Created, (await committing).StatusCode);
    }

    private static JsonElement Gate(JsonElement item, string name) => item.GetProperty("gates").EnumerateArray().Single(g => g.GetProperty("name").GetString() == name);
}
