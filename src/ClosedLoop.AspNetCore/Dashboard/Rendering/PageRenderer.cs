using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.AspNetCore.Dashboard.Rendering;

/// <summary>Renders pages once, on the server.</summary>
internal sealed class PageRenderer(ILoggerFactory loggers)
{
    /// <summary>The header by which the script asks for the main part alone.</summary>
    public const string FragmentHeader = "X-ClosedLoop-Fragment";

    public async ValueTask<HtmlAnswer> RenderAsync(HttpContext context, PageFrame frame)
    {
        await using var renderer = new HtmlRenderer(new PageServices(context.RequestServices, frame), loggers);
        bool isFragment = context.Request.Headers[FragmentHeader] == "main";
        string html = await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var root = isFragment ? await renderer.RenderComponentAsync<PageMain>() : await renderer.RenderComponentAsync<PageShell>();
            return root.ToHtmlString();
        }).ConfigureAwait(false);
        return new HtmlAnswer(frame.Page.Status, html);
    }
}
