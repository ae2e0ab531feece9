using ClosedLoop.AspNetCore.Api;
using ClosedLoop.AspNetCore.Dashboard.Actions;
using ClosedLoop.AspNetCore.Dashboard.Board;
using ClosedLoop.AspNetCore.Dashboard.Flow;
using ClosedLoop.AspNetCore.Dashboard.Items;
using ClosedLoop.AspNetCore.Dashboard.Lines;
using ClosedLoop.AspNetCore.Dashboard.Rendering;
using ClosedLoop.AspNetCore.Dashboard.Stuck;
using ClosedLoop.AspNetCore.Dashboard.Watcher;
using ClosedLoop.AspNetCore.Problems;
using ClosedLoop.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.AspNetCore.Dashboard;

/// <summary>The addresses of the dashboard. Every failure becomes a page.</summary>
internal sealed partial class DashboardEndpoints(DashboardServices services)
{
    private static readonly string[] Read = [HttpMethods.Get, HttpMethods.Head];
    private static readonly string[] Write = [HttpMethods.Post];

    private readonly PageRenderer _renderer = new(services.Loggers);
    private readonly PageFrames _frames = new(services);
    private readonly ILogger _logger = services.Loggers.CreateLogger<DashboardEndpoints>();

    public void Map(IEndpointRouteBuilder group)
    {
        MapPage(group, "/", new BoardReader(services.Queries, services.Options.PageSize, services.Time).ReadAsync);
        MapPage(group, "/items/{**id}", new ItemReader(services.Loop, services.Queries).ReadAsync);
        MapPage(group, "/stuck", new StuckReader(services.Queries, services.Incidents, services.Time).ReadAsync);
        MapPage(group, "/lines", new LinesReader(services.Queries).ReadAsync);
        MapPage(group, "/flow", new FlowPageReader(services.Flow).ReadAsync);
        MapPage(group, "/watcher", new WatcherReader(services.Queries).ReadAsync);
        group.MapMethods("/events", [HttpMethods.Get], services.Hints.ServeAsync);
        group.MapMethods("/assets/{name}", Read, SafeEndpoint.Of(_logger, static context => new ValueTask<Answer>(
            DashboardAsset.Find(context.Request.RouteValues["name"] as string) is { } asset ? new AssetAnswer(asset) : Problem.NotFound("There is no such file; load the page again."))));
        if (services.Options.AllowActions)
        {
            var actions = new ActionEndpoint(services);
            group.MapMethods(ActionEndpoint.Pattern, Write, Answering(ActionEndpoint.Pattern, async context => await AfterAsync(context, await actions.TakeAsync(context).ConfigureAwait(false)).ConfigureAwait(false)));
        }
        MapPage(group, "/{**rest}", static _ => new ValueTask<Page>(ErrorPage.NotFound("There is no such page of the dashboard.")));
    }

    private void MapPage(IEndpointRouteBuilder group, string pattern, Func<HttpContext, ValueTask<Page>> read) =>
        group.MapMethods(pattern, Read, Answering(pattern, async context => await RenderAsync(context, pattern, await read(context).ConfigureAwait(false)).ConfigureAwait(false)));

    private async ValueTask<Answer> AfterAsync(HttpContext context, ActionResult result)
    {
        if (result.Refusal is { } refusal) return await RenderAsync(context, ActionEndpoint.Pattern, refusal).ConfigureAwait(false);
        var addresses = DashboardAddresses.Of(context, ActionEndpoint.Pattern);
        // Only pages of the dashboard itself: a form must not send people elsewhere.
        string back = result.Back is { } page && page.StartsWith(addresses.Base + "/", StringComparison.Ordinal) && !page.AsSpan().ContainsAny("?#\\\r\n") ? page : addresses.Board;
        return new RedirectAnswer(DashboardAddresses.With(back, (ActionNotices.Parameter, result.Taken)));
    }

    private RequestDelegate Answering(string pattern, Func<HttpContext, ValueTask<Answer>> answer) => async context =>
    {
        Answer result;
        try
        {
            result = await answer(context).ConfigureAwait(false);
        }
        catch (StoreUnavailableException exception)
        {
            LogUnavailable(_logger, exception);
            result = await RenderAsync(context, pattern, ErrorPage.Unavailable()).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to answer.
            return;
        }
        catch (Exception exception)
        {
            LogFailed(_logger, exception, pattern);
            result = await RenderAsync(context, pattern, ErrorPage.Failed()).ConfigureAwait(false);
        }
        await result.WriteAsync(context).ConfigureAwait(false);
    };

    private ValueTask<HtmlAnswer> RenderAsync(HttpContext context, string pattern, Page page) => _renderer.RenderAsync(context, _frames.Of(context, pattern, page));

    [LoggerMessage(62, LogLevel.Warning, "The store is not available; a page was answered with 503")]
    private static partial void LogUnavailable(ILogger logger, Exception exception);

    [LoggerMessage(63, LogLevel.Error, "The page {Pattern} failed")]
    private static partial void LogFailed(ILogger logger, Exception exception, string pattern);
}
