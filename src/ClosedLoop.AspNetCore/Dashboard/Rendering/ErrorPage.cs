namespace ClosedLoop.AspNetCore.Dashboard.Rendering;

/// <summary>Pages that say what went wrong and where to go on.</summary>
internal static class ErrorPage
{
    public static Page NotFound(string what) => Of(404, "Not found", what);

    public static Page BadCursor() => Of(400, "This page cannot be turned to", "The address names a place in the list that this record does not know. Begin with the first page of the board.");

    public static Page BadRequest(string what) => Of(400, "The request cannot be read", what);

    public static Page Refused(int status, string why) => Of(status, "Nothing was changed", why);

    public static Page Unavailable() => Of(503, "The record cannot be read now", "The store is not available. Load the page again in a moment; the server's log has the cause.");

    public static Page Failed() => Of(500, "The page failed", "This is a fault of the server; its log has the cause. Other pages may still work.");

    private static Page Of(int status, string title, string what) => Page.Of<MessagePage>(new Message(what), title, Section.None) with { Status = status, IsLive = false };
}
