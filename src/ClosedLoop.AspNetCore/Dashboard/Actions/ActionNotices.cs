using ClosedLoop.AspNetCore.Api;
using ClosedLoop.AspNetCore.Dashboard.Rendering;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.AspNetCore.Dashboard.Actions;

/// <summary>
/// What a page says after an action. An address carries only the action's name, never a sentence: whoever makes somebody follow a link cannot
/// put words into the page.
/// </summary>
internal static class ActionNotices
{
    public const string Parameter = "taken";

    public static ActionNotice? Take(HttpContext context) => RequestRead.Query(context, Parameter) switch
    {
        ActionNames.Acknowledge => new ActionNotice("Acknowledged: nobody is told of it again unless it gets worse.", IsError: false),
        ActionNames.Silence => new ActionNotice("Silenced: when its cause still holds then, it fires again.", IsError: false),
        ActionNames.Close => new ActionNotice("Closed: quiet until its cause is gone.", IsError: false),
        ActionNames.Waive => new ActionNotice("Waived: the record shows your name and reason.", IsError: false),
        _ => null,
    };
}
