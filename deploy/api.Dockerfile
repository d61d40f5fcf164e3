ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE}
WORKDIR /packline
COPY . .
# npm links the workspaces into node_modules. They must stay links: Node.js runs no TypeScript that
# lies below node_modules. The optional packages are Node.js itself and things that we do without.
RUN npm ci --omit=dev --omit=optional --no-audit --no-fund && npm cache clean --force
ENV NODE_ENV=production
USER node
EXPOSE 8080
CMD ["node", "services/api/src/main.ts"]
