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
        bool isFragment = context.Request.Headers[FragmentHeader] == "main";
        var renderer = new HtmlRenderer(new PageServices(context.RequestServices, frame), loggers);
        await using (renderer.ConfigureAwait(false))
        {
            string html = await renderer.Dispatcher.InvokeAsync(async () =>
            {
                // What was rendered may only be read where it was.
                var root = isFragment ? await renderer.RenderComponentAsync<PageMain>().ConfigureAwait(true) : await renderer.RenderComponentAsync<PageShell>().ConfigureAwait(true);
                return root.ToHtmlString();
            }).ConfigureAwait(false);
            return new HtmlAnswer(frame.Page.Status, html);
        }
    }
}
