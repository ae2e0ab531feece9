using System.Net;
using System.Text.RegularExpressions;
using ClosedLoop.Alerting.Incidents;
using ClosedLoop.Dashboard.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Intake;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace ClosedLoop.Dashboard.Tests;

[Collection(BrowserCollection.Name)]
public sealed partial class ActionTests(BrowserFixture fixture)
{
    [Fact]
    public async Task By_default_nothing_can_be_changed()
    {
        await using var host = await DashboardHost.StartAsync();
        await host.Loop.OpenAsync(new WorkItem("BL-1"));
        using var client = Client("ann");
        foreach (string page in (string[])["/", "/items/BL-1", "/stuck"])
            Assert.DoesNotContain("method=\"post\"", await client.GetStringAsync(host.Page(page)), StringComparison.Ordinal);
        using var post = await client.PostAsync(host.Page("/actions/waive"), Form(("id", "BL-1"), ("gate", Gates.Merged), ("note", "because")));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
        Assert.Equal(GateStatus.Waiting, (await host.Loop.GetStatusAsync("BL-1"))!.State.Gate(Gates.Merged)!.Status);
    }

    [Fact]
    public async Task Who_is_not_signed_in_sees_no_forms_and_is_refused()
    {
        await using var host = await DashboardHost.StartAsync(static o => o.AllowActions = true);
        await host.Loop.OpenAsync(new WorkItem("BL-1"));
        using var client = Client(null);
        Assert.DoesNotContain("method=\"post\"", await client.GetStringAsync(host.Page("/items/BL-1")), StringComparison.Ordinal);
        using var post = await client.PostAsync(host.Page("/actions/waive"), Form(("id", "BL-1"), ("gate", Gates.Merged), ("note", "because")));
        Assert.Equal(HttpStatusCode.Forbidden, post.StatusCode);
        Assert.Contains("Nobody is signed in", await post.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_without_the_pages_token_changes_nothing()
    {
        await using var host = await DashboardHost.StartAsync(static o => o.AllowActions = true);
        await host.Loop.OpenAsync(new WorkItem("BL-1"));
        using var client = Client("ann");
        string token = Token(await client.GetStringAsync(host.Page("/items/BL-1")));
        using var stranger = Client("ann");
        foreach (var (sender, fields) in new[]
        {
            (client, Form(("id", "BL-1"), ("gate", Gates.Merged), ("note", "x"))),
            (client, Form(("id", "BL-1"), ("gate", Gates.Merged), ("note", "x"), ("__RequestVerificationToken", "made-up"))),
            (stranger, Form(("id", "BL-1"), ("gate", Gates.Merged), ("note", "x"), ("__RequestVerificationToken", token))),
        })
        {
            using var post = await sender.PostAsync(host.Page("/actions/waive"), fields);
            Assert.Equal(HttpStatusCode.BadRequest, post.StatusCode);
            Assert.Contains("does not belong to a page of this session", await post.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        Assert.Equal(GateStatus.Waiting, (await host.Loop.GetStatusAsync("BL-1"))!.State.Gate(Gates.Merged)!.Status);
    }

    [Fact]
    public async Task A_wrong_form_says_what_is_wrong_and_changes_nothing()
    {
        await using var host = await DashboardHost.StartAsync(static o => o.AllowActions = true);
        await host.Loop.OpenAsync(new WorkItem("BL-1"));
        using var client = Client("ann");
        string token = Token(await client.GetStringAsync(host.Page("/items/BL-1")));
        foreach (var (action, status, said, fields) in new[]
        {
            ("waive", 400, "Say why", new[] { ("id", "BL-1"), ("gate", Gates.Merged), ("note", "  ") }),
            ("waive", 404, "no such gate", [("id", "BL-2"), ("gate", Gates.Merged), ("note", "x")]),
            ("waive", 404, "no such gate", [("id", "BL-1"), ("gate", "nothing"), ("note", "x")]),
            ("waive", 400, "longer than 1000", [("id", "BL-1"), ("gate", Gates.Merged), ("note", new string('x', 1_001))]),
            ("acknowledge", 404, "as it was", [("id", "no-incident")]),
            ("silence", 400, "Choose 1, 4, 24, 72 hours", [("id", "no-incident"), ("hours", "9999")]),
            ("delete", 404, "no such action", [("id", "BL-1")]),
        })
        {
            using var post = await client.PostAsync(host.Page("/actions/" + action), Form([.. fields, ("__RequestVerificationToken", token)]));
            Assert.Equal(status, (int)post.StatusCode);
            Assert.Contains(said, WebUtility.HtmlDecode(await post.Content.ReadAsStringAsync()), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Nobody_is_sent_elsewhere_by_a_form()
    {
        await using var host = await DashboardHost.StartAsync(static o => o.AllowActions = true);
        foreach (string back in (string[])["https://evil.example/", "//evil.example", "/loopevil", "/loop/\\evil", "/loop/x\r\nSet-Cookie: a=b", "/elsewhere"])
        {
            await host.Loop.OpenAsync(new WorkItem("BL-1"));
            using var client = Client("ann");
            string token = Token(await client.GetStringAsync(host.Page("/items/BL-1")));
            using var post = await client.PostAsync(host.Page("/actions/waive"), Form(("id", "BL-1"), ("gate", Gates.Reviewed), ("note", "x"), ("back", back), ("__RequestVerificationToken", token)));
            Assert.Equal(HttpStatusCode.SeeOther, post.StatusCode);
            Assert.Equal("/loop/?taken=waive", post.Headers.Location!.ToString());
        }
    }

    [Fact]
    public async Task A_signed_in_person_waives_a_gate_by_name_and_reason()
    {
        await using var host = await DashboardHost.StartAsync(static o => o.AllowActions = true);
        await host.Loop.OpenAsync(new WorkItem("BL-1") { Title = "Waive me" });
        await using var visit = await Visit.OpenAsync(fixture, user: "ann");
        var page = visit.Page;
        await visit.GoAsync(host.Page("/items/BL-1"));
        await page.GetByText("Waive merged").ClickAsync();
        await page.GetByLabel("Why merged need not pass").FillAsync("<b>done</b> by hand");
        await page.GetByRole(AriaRole.Button, new() { Name = "Waive as ann" }).And(page.Locator("#gate-merged button")).ClickAsync();
        await page.Locator(".notice", new() { HasText = "Waived: the record shows your name and reason." }).WaitForAsync();
        string gate = await page.Locator("#gate-merged").InnerTextAsync();
        Assert.Contains("person:ann", gate, StringComparison.Ordinal);
        Assert.Contains("<b>done</b> by hand", gate, StringComparison.Ordinal);
        Assert.Empty(await Axe.ViolationsAsync(page));
        Assert.Empty(visit.Problems);
    }

    [Fact]
    public async Task An_incident_is_acknowledged_silenced_and_closed_by_name()
    {
        await using var host = await DashboardHost.StartAsync(static o => o.AllowActions = true);
        await SampleRecord.WriteAsync(host.Services, DateTimeOffset.UtcNow);
        var incidents = host.Services.GetRequiredService<IIncidents>();
        await using var visit = await Visit.OpenAsync(fixture, script: false, user: "ann");
        var page = visit.Page;
        var red = page.Locator(".incident", new() { HasText = "main-ci is red on acme/api main" });
        for (int i = 0; i < 40 && await red.CountAsync() == 0; i++) await visit.GoAsync(host.Page("/stuck"));
        await red.Locator("summary").ClickAsync();
        await red.GetByLabel("Note").FillAsync("on it");
        await red.GetByRole(AriaRole.Button, new() { Name = "Acknowledge" }).ClickAsync();
        Assert.Contains("Acknowledged", await page.Locator(".notice").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains("acknowledged by ann: on it", await red.InnerTextAsync(), StringComparison.Ordinal);
        await red.Locator("summary").ClickAsync();
        await red.GetByLabel("Silence for").SelectOptionAsync("4");
        await red.GetByRole(AriaRole.Button, new() { Name = "Silence" }).ClickAsync();
        Assert.Contains("silenced by ann", await red.InnerTextAsync(), StringComparison.Ordinal);
        await red.Locator("summary").ClickAsync();
        await red.GetByRole(AriaRole.Button, new() { Name = "Close by hand" }).ClickAsync();
        var incident = Assert.Single(await incidents.ListAsync(), static i => i.Title == "main-ci is red on acme/api main");
        Assert.Equal((IncidentState.Closed, "ann"), (incident.State, incident.By));
    }

    [Fact]
    public async Task An_address_puts_no_words_into_the_page()
    {
        await using var host = await DashboardHost.StartAsync();
        using var client = new HttpClient();
        string html = await client.GetStringAsync(host.Page("/?taken=Call+0900+now"));
        Assert.DoesNotContain("0900", html, StringComparison.Ordinal);
        Assert.DoesNotContain("class=\"notice", html, StringComparison.Ordinal);
    }

    private static HttpClient Client(string? user)
    {
        var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        if (user is not null) client.DefaultRequestHeaders.Add("X-User", user);
        return client;
    }

    private static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) => new(fields.Select(static f => KeyValuePair.Create(f.Name, f.Value)));

    private static string Token(string html) => WebUtility.HtmlDecode(TokenField().Match(html).Groups[1].Value);

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex TokenField();
}
