using System.Net;
using ClosedLoop.AspNetCore;
using ClosedLoop.Dashboard.Tests.Support;
using ClosedLoop.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Dashboard.Tests;

public sealed class SecurityTests
{
    private static readonly string[] Addresses = ["", "/", "/items/BL-1", "/stuck", "/lines", "/flow", "/watcher", "/nothing-here"];

    [Fact]
    public async Task Every_page_is_kept_from_being_framed_cached_sniffed_and_from_running_what_is_not_its_own()
    {
        await using var host = await DashboardHost.StartAsync();
        using var client = new HttpClient();
        foreach (string address in Addresses)
        {
            using var response = await client.GetAsync(host.Page(address));
            string policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
            Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("*", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("DENY", Assert.Single(response.Headers.GetValues("X-Frame-Options")));
            Assert.Equal("no-referrer", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
            Assert.True(response.Headers.CacheControl!.NoStore);
            Assert.Equal("text/html; charset=utf-8", response.Content.Headers.ContentType!.ToString());
            string html = await response.Content.ReadAsStringAsync();
            Assert.StartsWith("<!DOCTYPE html>", html.TrimStart(), StringComparison.Ordinal);
            Assert.DoesNotContain(" style=", html, StringComparison.Ordinal);
            Assert.DoesNotContain("<script>", html, StringComparison.Ordinal);
            Assert.DoesNotContain("javascript:", html, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task Assets_are_named_by_their_content_and_kept_for_ever()
    {
        await using var host = await DashboardHost.StartAsync();
        using var client = new HttpClient();
        string html = await client.GetStringAsync(host.Page("/"));
        foreach (var (suffix, type) in new[] { ("css", "text/css; charset=utf-8"), ("js", "text/javascript; charset=utf-8"), ("svg", "image/svg+xml") })
        {
            string address = html.Split('"').Single(a => a.StartsWith("/loop/assets/", StringComparison.Ordinal) && a.EndsWith("." + suffix, StringComparison.Ordinal));
            using var response = await client.GetAsync(new Uri(host.Address, address));
            Assert.Equal(type, response.Content.Headers.ContentType!.ToString());
            Assert.Equal("public, max-age=31536000, immutable", string.Join(", ", response.Headers.GetValues("Cache-Control")));
            Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
            using var older = await client.GetAsync(new Uri(host.Address, address.Replace(".", ".0", StringComparison.Ordinal)));
            Assert.Equal(HttpStatusCode.NotFound, older.StatusCode);
        }
    }

    [Fact]
    public async Task The_hosts_authorization_holds_for_every_address()
    {
        await using var host = await DashboardHost.StartAsync(conventions: static c => c.RequireAuthorization());
        using var client = new HttpClient();
        foreach (string address in (string[])[.. Addresses, "/events", "/assets/dashboard.css"])
        {
            using var response = await client.GetAsync(host.Page(address), HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }
        using var known = new HttpRequestMessage(HttpMethod.Get, host.Page("/"));
        known.Headers.Add("X-User", "ann");
        using var allowed = await client.SendAsync(known);
        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
    }

    [Fact]
    public async Task An_address_that_is_none_says_so_as_a_page()
    {
        await using var host = await DashboardHost.StartAsync();
        using var client = new HttpClient();
        foreach (var (address, status) in new[] { ("/nothing-here", 404), ("/items/no-such-item", 404), ("/?cursor=%2B%2B", 400), ("/?cursor=AAAA", 400), ("/items/BL-1?before=x", 400), ("/lines?repository=a&branch=b", 404) })
        {
            using var response = await client.GetAsync(host.Page(address));
            Assert.Equal(status, (int)response.StatusCode);
            Assert.Contains("Go to the board", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void It_cannot_be_mapped_without_what_it_needs_and_says_what_that_is()
    {
        var empty = WebApplication.CreateSlimBuilder().Build();
        Assert.Contains("AddClosedLoop", Assert.Throws<InvalidOperationException>(() => empty.MapClosedLoopDashboard()).Message, StringComparison.Ordinal);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddClosedLoop();
        var app = builder.Build();
        Assert.Contains("AddAntiforgery", Assert.Throws<InvalidOperationException>(() => app.MapClosedLoopDashboard("/loop", static o => o.AllowActions = true)).Message, StringComparison.Ordinal);
        Assert.Contains("plain path", Assert.Throws<InvalidOperationException>(() => app.MapClosedLoopDashboard("/{tenant}/loop")).Message, StringComparison.Ordinal);
        Assert.Contains("Dashboard:PageSize is 5000", Assert.Throws<InvalidOperationException>(() => app.MapClosedLoopDashboard("/loop", static o => o.PageSize = 5_000)).Message, StringComparison.Ordinal);
        Assert.Contains("Dashboard:MaxStreams is -1", Assert.Throws<InvalidOperationException>(() => app.MapClosedLoopDashboard("/loop", static o => o.MaxStreams = -1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_finds_itself_below_a_group_and_a_path_base()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        builder.Services.AddClosedLoop();
        await using var app = builder.Build();
        app.UsePathBase("/base");
        app.UseRouting();
        app.MapGroup("/team").MapClosedLoopDashboard("/watch");
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        await app.Services.GetRequiredService<IClosedLoop>().OpenAsync(new WorkItem("pr:acme/web#12"));
        string html = await client.GetStringAsync("/base/team/watch");
        Assert.Contains("href=\"/base/team/watch/stuck\"", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/base/team/watch/items/pr%3Aacme/web%2312\"", html, StringComparison.Ordinal);
        Assert.Contains("pr:acme/web#12", await client.GetStringAsync("/base/team/watch/items/pr%3Aacme%2Fweb%2312"), StringComparison.Ordinal);
        Assert.Contains("pr:acme/web#12", await client.GetStringAsync("/base/team/watch/items/pr%3Aacme/web%2312"), StringComparison.Ordinal);
        await app.StopAsync();
    }

    [Fact]
    public async Task Without_alerting_or_insights_the_pages_say_how_to_add_them()
    {
        await using var host = await DashboardHost.StartAsync(alerting: false, insights: false);
        using var client = new HttpClient();
        Assert.Contains("AddAlerting", await client.GetStringAsync(host.Page("/stuck")), StringComparison.Ordinal);
        Assert.Contains("AddInsights", await client.GetStringAsync(host.Page("/flow")), StringComparison.Ordinal);
        Assert.Contains("Nothing is tracked yet", await client.GetStringAsync(host.Page("/")), StringComparison.Ordinal);
    }
}
