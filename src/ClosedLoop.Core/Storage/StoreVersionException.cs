namespace ClosedLoop.Storage;

/// <summary>The store was written by a newer version of ClosedLoop than this one; nothing was changed.</summary>
public sealed class StoreVersionException : Exception
{
    /// <summary>Creates the exception.</summary>
    public StoreVersionException()
    {
    }

    /// <summary>Creates the exception; the message says what happened, where, and what to do.</summary>
    public StoreVersionException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception; the message says what happened, where, and what to do.</summary>
    public StoreVersionException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
