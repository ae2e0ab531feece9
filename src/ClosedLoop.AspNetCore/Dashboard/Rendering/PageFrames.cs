using ClosedLoop.AspNetCore.Dashboard.Actions;
using ClosedLoop.AspNetCore.Dashboard.Text;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.AspNetCore.Dashboard.Rendering;

/// <summary>Works out what a page may show and offer to whoever asks for it.</summary>
internal sealed class PageFrames(DashboardServices services)
{
    public PageFrame Of(HttpContext context, string pattern, Page page)
    {
        string? actor = services.Options.AllowActions ? Actor.Of(context) : null;
        (string, string)? antiforgery = null;
        if (actor is not null && services.Antiforgery is { } protection && !context.Response.HasStarted)
        {
            var tokens = protection.GetAndStoreTokens(context);
            antiforgery = (tokens.FormFieldName, tokens.RequestToken!);
        }
        return new PageFrame
        {
            Page = page,
            Addresses = DashboardAddresses.Of(context, pattern),
            Product = DisplayText.Title(services.Options.Title),
            Now = services.Time.GetUtcNow(),
            Actor = actor,
            Antiforgery = antiforgery,
            Here = context.Request.PathBase.ToUriComponent() + context.Request.Path.ToUriComponent(),
            Notice = ActionNotices.Take(context),
        };
    }
}
