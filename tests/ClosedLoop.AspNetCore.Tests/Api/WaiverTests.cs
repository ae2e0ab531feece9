using System.Net;
using System.Text.Json;

namespace ClosedLoop.AspNetCore.Tests.Api;

public sealed class WaiverTests
{
    private const string Path = "/api/items/BL-1/waivers";

    [Fact]
    public async Task A_person_waives_in_the_own_name()
    {
        await using var host = await StartAsync();

        using var response = await host.PostAsync(Path, """{"gate":"reviewed","reason":"a typo"}""", "person:ann");

        var gate = await ReviewedAsync(response);
        Assert.Equal(("notApplicable", "waived", "person:ann", "a typo"), (Text(gate, "status"), Text(gate, "reason"), Text(gate, "writer"), Text(gate, "detail")));
    }

    [Fact]
    public async Task The_host_application_waives_for_a_person_whom_it_names()
    {
        await using var host = await StartAsync();

        using var response = await host.PostAsync(Path, """{"gate":"reviewed","person":"eve","reason":"a typo"}""", "host:portal");
        using var nobody = await host.PostAsync(Path, """{"gate":"merged","reason":"a typo"}""", "host:portal");

        Assert.Equal("person:eve", Text(await ReviewedAsync(response), "writer"));
        await LoopHost.ProblemOf(nobody, 400, "malformed");
    }

    [Fact]
    public async Task A_person_does_not_waive_in_anothers_name()
    {
        await using var host = await StartAsync();

        using var response = await host.PostAsync(Path, """{"gate":"reviewed","person":"eve","reason":"a typo"}""", "person:ann");

        await LoopHost.ProblemOf(response, 403, "refused");
    }

    [Theory]
    [InlineData("agent:builder-7")]
    [InlineData("ci:nightly")]
    public async Task An_agent_or_a_machine_never_waives_and_that_it_tried_is_kept(string writer)
    {
        await using var host = await StartAsync();

        using var response = await host.PostAsync(Path, """{"gate":"reviewed","person":"ann","reason":"trust me"}""", writer);

        await LoopHost.ProblemOf(response, 403, "refused");
        Assert.Equal("refused", Text(Assert.Single((await host.ReadAsync("/api/quarantine")).GetProperty("entries").EnumerateArray()), "kind"));
        Assert.Equal("waiting", Text((await host.ReadAsync("/api/items/BL-1")).GetProperty("gates").EnumerateArray().Single(static g => Text(g, "name") == "reviewed"), "status"));
    }

    [Theory]
    [InlineData("""{"reason":"x"}""")]
    [InlineData("""{"gate":"nowhere","reason":"x"}""")]
    [InlineData("""{"gate":"reviewed"}""")]
    [InlineData("""{"gate":"reviewed","reason":" "}""")]
    [InlineData("""{"gate":"reviewed","reason":"a\u0007b"}""")]
    public async Task A_waiver_without_a_gate_or_a_reason_is_400(string json)
    {
        await using var host = await StartAsync();

        using var response = await host.PostAsync(Path, json, "person:ann");

        await LoopHost.ProblemOf(response, 400, "malformed");
    }

    private static async Task<LoopHost> StartAsync()
    {
        var host = await LoopHost.StartAsync();
        using var opened = await host.PostAsync("/api/items", """{"id":"BL-1"}""");
        return host;
    }

    private static async Task<JsonElement> ReviewedAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await LoopHost.JsonOf(response)).GetProperty("gates").EnumerateArray().Single(static g => Text(g, "name") == "reviewed");
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
