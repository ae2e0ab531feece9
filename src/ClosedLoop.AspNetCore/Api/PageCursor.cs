using System.Buffers.Text;
using System.Text;
using ClosedLoop.AspNetCore.Problems;

namespace ClosedLoop.AspNetCore.Api;

/// <summary>Cursors as callers and pages see them. A cursor may hold an item's id; encoded it fits into an address as it is.</summary>
internal static class PageCursor
{
    // An id of 512 characters takes up to 1,536 bytes, a third more when encoded.
    private const int MaxLength = 4_000;

    public static string? Encode(string? cursor) => cursor is null ? null : Base64Url.EncodeToString(Encoding.UTF8.GetBytes(cursor));

    public static bool TryDecode(string? text, out string? cursor)
    {
        cursor = null;
        if (text is null) return true;
        if (text.Length > MaxLength || !Base64Url.IsValid(text)) return false;
        cursor = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text));
        return !cursor.Any(char.IsControl);
    }

    public static Problem Bad() => Problem.BadRequest("'cursor' must be 'nextCursor' of the page before; leave it out for the first page.");
}
