// A file as the body of a request, as it is.
import { csrfHeaders, problemOf } from '../../api/client';

export async function uploadFile(path: string, file: File) {
  const headers = { ...csrfHeaders(), 'Content-Type': file.type || 'application/octet-stream' };
  const response = await fetch(path, { method: 'POST', credentials: 'same-origin', headers, body: file });
  if (!response.ok) throw await problemOf(response);
}
